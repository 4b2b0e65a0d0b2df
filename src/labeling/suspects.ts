import type { RowLabel } from '../core/decision.ts';
import type { LabelRow } from '../core/label-step.ts';
import type { LabelStore } from '../ports/label-store.ts';
import { cutToLength } from '../text/deobfuscate.ts';
import { NearDuplicateGroups } from '../text/similarity/near-duplicate-groups.ts';
import { textKey } from '../text/similarity/text-key.ts';
import type { PriorOf } from './label-questions.ts';
import { FEATURES, LightFeatures } from './light/light-features.ts';
import { probabilityOf } from './light/light-model.ts';
import { offsetOf } from './light/light-pool.ts';
import { fitLogistic, marginOf, randomOf, shuffle } from './light/logistic-regression.ts';
import type { SparseRows } from './light/sparse-rows.ts';

/** Labeled ham with at least this probability of spam, and spam with at most the other, is suspect. */
export const SUSPECT_HAM = 0.7;
export const SUSPECT_SPAM = 0.3;
const FOLDS = 5;
/** The first round only finds examples that the others are not to learn from. */
const SHUFFLES = [1, 3];
const COST = 10;
/** What an error on spam costs beside one on ham. */
const SPAM_COST = 2;
/** Rows that are looked at together; those of another block are no examples. */
const BLOCK = 50_000;
const PAGE = 500;
/** Of a message, UTF-16 code units. */
const READ = 2_000;

/** A row whose label may be wrong. */
export interface Suspect {
  readonly row: LabelRow;
  /** Mean of the out-of-fold probabilities that it is spam. */
  readonly probability: number;
  /** Rows of its near-duplicate group with the same label that are suspect, itself included. */
  readonly rows: number;
}

export interface SuspectReport {
  /** Labeled rows that were looked at. */
  readonly rows: number;
  /** How many groups are suspect; `suspects` has the worst of them. */
  readonly groups: number;
  readonly suspects: readonly Suspect[];
}

/**
 * What is added to the log-odds of labeled ham: a look at a row is cheap, and spam among ham is what nobody finds. With ln 3, ham is listed from a
 * probability of .44 on.
 */
const HAM_LEANS = Math.log(3);

function lean({ label }: LabeledText): number {
  return label === 'ham' ? HAM_LEANS : 0;
}

/** A labeled text. */
export interface LabeledText {
  readonly message: string;
  readonly label: RowLabel;
  /** Texts with the same name are in one fold; where it is left out, near-duplicates are found. */
  readonly group?: string | null;
  /** Another model's probability that it is spam; null for none. */
  readonly prior?: number | null;
}

/**
 * Out-of-fold probabilities that texts are spam: the mean over several shuffles, folds by near-duplicate group, so that no near-duplicate
 * with the same wrong label vouches for a text. In a second round nothing is learned from what the first one found suspect, so that many
 * wrong labels of one kind do not hide others. `undefined` where one class is missing.
 */
export function outOfFold(
  texts: readonly LabeledText[],
  groups: Int32Array,
  seed: number,
): Float64Array | undefined {
  const features = new LightFeatures();
  for (const { message } of texts) features.add(message);
  const { rows } = features;
  const random = randomOf(seed);
  let probabilities: Float64Array | undefined;
  for (const shuffles of SHUFFLES) {
    const believed = probabilities;
    const isExample = (at: number) => believed === undefined || !isSuspect(texts[at]!.label, believed[at]!);
    const found = roundOf({ texts, groups, rows, isExample, random, seed }, shuffles);
    // Where all of a class is suspect, the first round is all that can be said.
    if (found === undefined) return probabilities;
    probabilities = found;
  }
  return probabilities;
}

interface Round {
  readonly texts: readonly LabeledText[];
  readonly groups: Int32Array;
  readonly rows: SparseRows;
  readonly isExample: (at: number) => boolean;
  readonly random: () => number;
  readonly seed: number;
}

function roundOf(
  { texts, groups, rows, isExample, random, seed }: Round,
  shuffles: number,
): Float64Array | undefined {
  const sums = new Float64Array(texts.length);
  const order = Int32Array.from({ length: 1 + groups.reduce((a, b) => Math.max(a, b), -1) }, (_, at) => at);
  for (let turn = 0; turn < shuffles; turn++) {
    shuffle(order, random);
    for (let fold = 0; fold < FOLDS; fold++) {
      const isOut = (at: number) => order[groups[at]!]! % FOLDS === fold;
      const inside = Int32Array.from(texts.keys()).filter((at) => !isOut(at) && isExample(at));
      const spam = inside.reduce((count, at) => count + (texts[at]!.label === 'spam' ? 1 : 0), 0);
      if (spam === 0 || spam === inside.length) return undefined;
      const costOf = (at: number) =>
        texts[at]!.label === 'spam'
          ? (SPAM_COST * COST * inside.length) / 2 / spam
          : (COST * inside.length) / 2 / (inside.length - spam);
      const weights = fitLogistic(
        rows,
        {
          rows: inside,
          signs: Int8Array.from(inside, (at) => (texts[at]!.label === 'spam' ? 1 : -1)),
          costs: Float64Array.from(inside, costOf),
          offsets: Float64Array.from(inside, (at) => offsetOf(texts[at]!.prior ?? null)),
        },
        { features: FEATURES, seed: seed + turn * FOLDS + fold },
      );
      for (let at = 0; at < texts.length; at++)
        if (isOut(at))
          sums[at]! += probabilityOf(
            marginOf(rows, at, weights) + offsetOf(texts[at]!.prior ?? null) + lean(texts[at]!),
          );
    }
  }
  return sums.map((sum) => sum / shuffles);
}

/** Numbers of near-duplicate groups; a group that is named already, by `dedupe`, is taken as it is. */
export function groupsOf(texts: readonly LabeledText[]): Int32Array {
  const found = new NearDuplicateGroups();
  for (const [at, { message, group }] of texts.entries()) if (group == null) found.add(String(at), message);
  const numbers = new Int32Array(texts.length);
  let next = 0;
  for (const ids of found.groups()) {
    for (const id of ids) numbers[Number(id)] = next;
    next++;
  }
  const named = new Map<string, number>();
  for (const [at, { group }] of texts.entries()) {
    if (group == null) continue;
    let number = named.get(group);
    if (number === undefined) {
      number = next++;
      named.set(group, number);
    }
    numbers[at] = number;
  }
  return numbers;
}

export function isSuspect(label: RowLabel, probability: number): boolean {
  return label === 'ham' ? probability >= SUSPECT_HAM : probability <= SUSPECT_SPAM;
}

/**
 * Labeled rows whose label their own text speaks against, the worst first, one of each near-duplicate group. The table is read in blocks,
 * each of which is looked at by itself. Throws what the store throws.
 */
export async function findSuspects(
  store: Pick<LabelStore, 'rows'>,
  {
    most,
    seed = 0,
    block = BLOCK,
    priorOf,
    progress,
  }: {
    /** Of the answer. */
    readonly most: number;
    readonly seed?: number;
    readonly block?: number;
    readonly priorOf?: PriorOf;
    readonly progress?: (rows: number) => void;
  },
): Promise<SuspectReport> {
  let suspects: Suspect[] = [];
  let rows = 0;
  let groups = 0;
  for await (const read of blocksOf(store, block)) {
    rows += read.length;
    const found = await suspectsIn(read, seed, priorOf);
    groups += found.length;
    suspects = [...suspects, ...found].sort(worstFirst).slice(0, most);
    progress?.(rows);
  }
  return { rows, groups, suspects };
}

async function suspectsIn(
  rows: readonly LabelRow[],
  seed: number,
  priorOf: PriorOf | undefined,
): Promise<Suspect[]> {
  // The same text with the same label says nothing new, and a million of them would drown the others.
  const distinct = new Map<string, { readonly row: LabelRow; rows: number }>();
  for (const row of rows) {
    const key = `${row.label} ${textKey(row.message)}`;
    const known = distinct.get(key);
    if (known === undefined) distinct.set(key, { row, rows: 1 });
    else known.rows++;
  }
  const entries = [...distinct.values()];
  const priors = (await priorOf?.(entries.map(({ row }) => row))) ?? [];
  const texts = entries.map(({ row }, at) => ({
    ...{ message: row.message, label: row.label!, group: row.near_group },
    prior: priors[at] ?? null,
  }));
  const groups = groupsOf(texts);
  const probabilities = outOfFold(texts, groups, seed);
  if (probabilities === undefined) return [];
  const worst = new Map<string, Suspect>();
  for (const [at, { row, rows: count }] of entries.entries()) {
    const suspect = { row, probability: probabilities[at]!, rows: count };
    if (!isSuspect(row.label!, suspect.probability)) continue;
    const name = `${row.label} ${groups[at]}`;
    const known = worst.get(name);
    const rows = count + (known?.rows ?? 0);
    worst.set(name, { ...(known !== undefined && worstFirst(known, suspect) <= 0 ? known : suspect), rows });
  }
  return [...worst.values()];
}

function worstFirst(a: Suspect, b: Suspect): number {
  return wrongness(b) - wrongness(a) || a.row.id - b.row.id;
}

function wrongness({ row, probability }: Suspect): number {
  return row.label === 'ham' ? probability : 1 - probability;
}

async function* blocksOf(store: Pick<LabelStore, 'rows'>, block: number): AsyncIterable<readonly LabelRow[]> {
  let read: LabelRow[] = [];
  for (let after = 0; ; ) {
    const page = await store.rows({ after, limit: PAGE });
    for (const row of page)
      if (row.label !== null) read.push({ ...row, message: cutToLength(row.message, READ) });
    if (read.length >= block || page.length < PAGE) {
      if (read.length > 0) yield read;
      read = [];
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}
