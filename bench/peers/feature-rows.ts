import { open } from 'node:fs/promises';
import { type FeatureFamily, featureFamilies } from '../../src/core/model-manifest.ts';
import { FeatureCounts } from '../../src/text/feature-counts.ts';
import type { Featurizer } from '../../src/text/featurizer.ts';
import type { Vocabulary } from '../../src/text/vocabulary.ts';
import { GrowingArray } from '../../src/training/growing-array.ts';

type Vocabularies = Readonly<Record<FeatureFamily, Vocabulary>>;

/**
 * Features of a stream's messages by their number, for a peer that cannot make them: a text that comes again has the same row. In a file, all
 * numbers of four bytes and little-endian: how many messages and how many rows; per message its row; per family where each row
 * begins and where the last one ends, the ids of all rows, their counts as float32; then a byte per row, 1 where no feature says
 * anything of the content.
 */
export class FeatureRows {
  readonly #featurizer: Featurizer;
  readonly #vocabularies: Vocabularies;
  readonly #rows = new Map<string, number>();
  readonly #rowOf = new GrowingArray((length) => new Int32Array(length));
  readonly #families = { words: new FamilyRows(), grams: new FamilyRows() };
  readonly #blank = new GrowingArray((length) => new Int8Array(length));
  readonly #counted = new FeatureCounts();

  constructor(model: { readonly featurizer: Featurizer; readonly vocabularies: Vocabularies }) {
    this.#featurizer = model.featurizer;
    this.#vocabularies = model.vocabularies;
  }

  /** The text of the message with the next number, which is 0 for the first. */
  add(text: string): void {
    let row = this.#rows.get(text);
    if (row === undefined) {
      row = this.#rows.size;
      this.#rows.set(text, row);
      this.#blank.push(this.#count(text) ? 0 : 1);
    }
    this.#rowOf.push(row);
  }

  async write(file: string): Promise<void> {
    const rowOf = this.#rowOf.values();
    const parts: NodeJS.ArrayBufferView[] = [Int32Array.of(rowOf.length, this.#rows.size), rowOf];
    for (const family of featureFamilies) parts.push(...this.#families[family].parts());
    parts.push(this.#blank.values());
    const out = await open(file, 'w');
    try {
      for (const { buffer, byteOffset, byteLength } of parts)
        await out.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
    } finally {
      await out.close();
    }
  }

  /** Answers whether a feature says something of the content. */
  #count(text: string): boolean {
    const prepared = this.#featurizer.prepare(text);
    let hasContent = false;
    for (const family of featureFamilies) {
      const vocabulary = this.#vocabularies[family];
      this.#featurizer.count(prepared, family, vocabulary, this.#counted);
      this.#families[family].add(this.#counted);
      const { ids, size } = this.#counted;
      for (let i = 0; i < size; i++) hasContent ||= vocabulary.isContent(ids[i]!);
    }
    return hasContent;
  }
}

class FamilyRows {
  readonly #starts = new GrowingArray((length) => new Int32Array(length));
  readonly #ids = new GrowingArray((length) => new Int32Array(length));
  readonly #counts = new GrowingArray((length) => new Float32Array(length));
  #entries = 0;

  constructor() {
    this.#starts.push(0);
  }

  add({ size, ids, counts }: FeatureCounts): void {
    for (let i = 0; i < size; i++) {
      this.#ids.push(ids[i]!);
      this.#counts.push(counts[i]!);
    }
    this.#entries += size;
    this.#starts.push(this.#entries);
  }

  parts(): NodeJS.ArrayBufferView[] {
    return [this.#starts.values(), this.#ids.values(), this.#counts.values()];
  }
}
