import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureFamily } from '../core/model-manifest.ts';
import { FeatureCounts } from '../text/feature-counts.ts';
import { isFormName, isObfuscationName, isPairName, isWordName } from '../text/feature-names.ts';
import type { FeatureSelection } from '../text/feature-selection.ts';
import type { Featurizer, PreparedText } from '../text/featurizer.ts';
import { VocabularyBuilder } from '../text/vocabulary-builder.ts';
import type { AugmentedMessage } from './augment-messages.ts';
import type { CollectedMessages } from './collect-messages.ts';
import { GrowingArray } from './growing-array.ts';
import { hamPieces } from './ham-pieces.ts';
import { encodeNpy, type NpyArray } from './npy.ts';
import { NpyFile } from './npy-file.ts';
import type { ProfileFeatures } from './profiles.ts';
import { isForWindows } from './testing-part.ts';

/** A text that the trained model answers for the record: a golden message, or one of a parity test. */
export interface Probe {
  readonly message: string;
  readonly language?: string;
}

export interface FeatureMatrix {
  readonly folder: string;
  /** Names of the matrix's features by id; the trainer keeps some of them. */
  readonly names: Readonly<Record<FeatureFamily, readonly string[]>>;
  /** Of all arrays and facts. */
  readonly sha256: string;
}

/** The part of a row, as `native-models/sluice_trainer/matrix.py` has it. */
const TRAIN = 0;
const TEST = 1;
const PROBE = 2;
/**
 * A piece or a changed copy of a message for training, or a message with a weak label: base models learn from it, and nothing else does, so that it has
 * no say in which features there are and how probabilities are calibrated.
 */
const DERIVED = 3;

const FORMAT = 4;

/**
 * Writes the features of all messages, then of those made from them for training, and then of the probes, into `folder` (created): `features.json`, and per family of `features` the
 * compressed sparse rows `<family>.indptr.npy` int32 [rows + 1], `.indices.npy` int32, `.data.npy` float32 (counts), `.pairs.npy` int8
 * [features] (1: two neighbours), `.form.npy` int8 [features] (1: of how a message looks) and `.words.npy` int8 [features] (1: a word with
 * a letter); per row `labels` (1 spam) and `parts` int8, `weights` float32, `groups`, `sources` and `lengths` (words with a letter) int32.
 * After a message follow its pieces, if the profile is trained on them. It holds numbers and no text.
 */
export async function writeFeatureMatrix(
  folder: string,
  collected: CollectedMessages,
  probes: readonly Probe[],
  featurizer: Featurizer,
  { featureSet, families: counted, selection, pieces: hasPieces }: ProfileFeatures,
  signal?: AbortSignal,
  augmented: readonly AugmentedMessage[] = [],
): Promise<FeatureMatrix> {
  await mkdir(folder, { recursive: true });
  const families = {
    words: new FamilyRows('words', selection, folder),
    grams: new FamilyRows('grams', selection, folder),
  };
  const labels = new GrowingArray((length) => new Int8Array(length));
  const parts = new GrowingArray((length) => new Int8Array(length));
  const weights = new GrowingArray((length) => new Float32Array(length));
  const groups = new GrowingArray((length) => new Int32Array(length));
  const sources = new GrowingArray((length) => new Int32Array(length));
  const lengths = new GrowingArray((length) => new Int32Array(length));
  const groupIds = new Map<string, number>();
  const largest = largestSource(collected);

  const addRow = (prepared: PreparedText) => {
    for (const family of counted) families[family].add(featurizer, prepared);
    lengths.push(featurizer.lastWords.units.words);
  };
  for (const [row, message] of [...collected.messages, ...augmented].entries()) {
    if (row % 1024 === 0) await breathe(signal);
    // Without its language: what serves finds that out by itself.
    const prepared = featurizer.prepare(message.text);
    // A message without a group is a group of its own.
    const group = message.group ?? `row ${row}`;
    const groupId = groupIds.get(group) ?? groupIds.size;
    groupIds.set(group, groupId);
    const addMessage = (text: PreparedText, part: number, weight: number) => {
      addRow(text);
      labels.push(message.label === 'spam' ? 1 : 0);
      parts.push(part);
      weights.push(weight);
      sources.push(message.isWeak ? largest : message.source);
      groups.push(groupId);
    };
    const isCopy = 'augmented' in message || message.isWeak === true;
    addMessage(prepared, isCopy ? DERIVED : message.forTesting ? TEST : TRAIN, message.weight);
    if (!hasPieces || isCopy || message.forTesting || message.label === 'spam' || isForWindows(message))
      continue;
    const pieces = hamPieces(featurizer, prepared, row);
    // All of them together weigh as much as the message.
    for (const piece of pieces) addMessage(piece, DERIVED, message.weight / pieces.length);
  }
  for (const [at, probe] of probes.entries()) {
    if (at % 1024 === 0) await breathe(signal);
    addRow(featurizer.prepare(probe.message, probe.language));
    for (const array of [labels, weights, sources]) array.push(0);
    parts.push(PROBE);
    groups.push(groupIds.size + at);
  }

  for (const family of counted) families[family].close();
  const arrays: Record<string, NpyArray | typeof written> = {
    labels: labels.values(),
    parts: parts.values(),
    weights: weights.values(),
    groups: groups.values(),
    sources: sources.values(),
    lengths: lengths.values(),
  };
  for (const family of counted) Object.assign(arrays, families[family].arrays());
  const facts = {
    format: FORMAT,
    feature_set: featureSet,
    sizes: Object.fromEntries(counted.map((family) => [family, families[family].names.length])),
    disguise: Object.fromEntries(counted.map((family) => [family, families[family].obfuscationIds()])),
    sources: collected.sources,
  };
  const sha256 = await writeArrays(folder, arrays, JSON.stringify(facts));
  return { folder, names: { words: families.words.names, grams: families.grams.names }, sha256 };
}

/** The source with the most messages. Each of its messages weighs the least, and so does a weak label. */
function largestSource({ sources, messages }: CollectedMessages): number {
  const sizes = sources.map(() => 0);
  for (const { source, forTesting, isWeak } of messages)
    if (!forTesting && isWeak !== true) sizes[source] = sizes[source]! + 1;
  return sizes.indexOf(Math.max(...sizes));
}

/** In place of an array that is in its file already. */
const written = Symbol('written');

/** Compressed sparse rows of one family. Its entries, which are most of the matrix, are written as they come. */
class FamilyRows {
  readonly #family: FeatureFamily;
  readonly #selection: FeatureSelection;
  readonly #vocabulary = new VocabularyBuilder();
  readonly #features = new FeatureCounts();
  readonly #indptr = new GrowingArray((length) => new Int32Array(length));
  readonly #indices: NpyFile<Int32Array>;
  readonly #data: NpyFile<Float32Array>;

  constructor(family: FeatureFamily, selection: FeatureSelection, folder: string) {
    this.#family = family;
    this.#selection = selection;
    this.#indices = new NpyFile(join(folder, `${family}.indices.npy`), (length) => new Int32Array(length));
    this.#data = new NpyFile(join(folder, `${family}.data.npy`), (length) => new Float32Array(length));
    this.#indptr.push(0);
  }

  get names(): readonly string[] {
    return this.#vocabulary.names;
  }

  /** Of the features that say that an obfuscation was undone: a profile may do without them. */
  obfuscationIds(): readonly number[] {
    return this.names.flatMap((name, id) => (isObfuscationName(name) ? [id] : []));
  }

  add(featurizer: Featurizer, prepared: ReturnType<Featurizer['prepare']>): void {
    this.#vocabulary.nextDocument();
    featurizer.count(prepared, this.#family, this.#vocabulary, this.#features, this.#selection);
    for (let i = 0; i < this.#features.size; i++) {
      this.#indices.push(this.#features.ids[i]!);
      this.#data.push(this.#features.counts[i]!);
    }
    this.#indptr.push(this.#indices.length);
  }

  /** Completes the files of the entries. */
  close(): void {
    this.#indices.close();
    this.#data.close();
  }

  arrays(): Record<string, NpyArray | typeof written> {
    return {
      [`${this.#family}.indptr`]: this.#indptr.values(),
      [`${this.#family}.indices`]: written,
      [`${this.#family}.data`]: written,
      [`${this.#family}.pairs`]: Int8Array.from(this.names, (name) => (isPairName(name) ? 1 : 0)),
      [`${this.#family}.form`]: Int8Array.from(this.names, (name) => (isFormName(name) ? 1 : 0)),
      [`${this.#family}.words`]: Int8Array.from(this.names, (name) => (isWordName(name) ? 1 : 0)),
    };
  }
}

async function writeArrays(
  folder: string,
  arrays: Record<string, NpyArray | typeof written>,
  facts: string,
): Promise<string> {
  const hash = createHash('sha256').update(facts);
  for (const [name, array] of Object.entries(arrays)) {
    const file = join(folder, `${name}.npy`);
    hash.update(name);
    if (array === written) for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer);
    else {
      const bytes = encodeNpy(array);
      hash.update(bytes);
      await writeFile(file, bytes);
    }
  }
  await writeFile(join(folder, 'features.json'), `${facts}\n`);
  return hash.digest('hex');
}

/** Lets signals and timers have their turn. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
