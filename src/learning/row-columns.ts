import type { RowLabel } from '../core/decision.ts';
import { sha256Of } from '../core/sha256.ts';
import { DistinctTexts } from '../labeling/duplicates/distinct-texts.ts';
import { growing } from '../labeling/duplicates/growing-array.ts';
import { textKey } from '../text/similarity/text-key.ts';
import type { SourceRow } from './data-source.ts';

/** A label's place is its bit, so that both together are 3. */
export const labelBits: Readonly<Record<RowLabel, number>> = { ham: 1, spam: 2 };
export const BOTH_LABELS = 3;

const encoder = new TextEncoder();

/** What a message is known by: texts with the same one are the same message. The text itself where nothing of it is a word. */
export function messageKey(text: string): string {
  return textKey(text) || text;
}

/** The first 48 bits of the SHA-256 of a key. */
export function keyHash(key: string): number {
  return Number.parseInt(sha256Of(encoder.encode(key)).slice(0, 12), 16);
}

/** What is in memory of each labeled row: 51 bytes, and at most 20 more for each distinct key, month of a community and group. */
export class RowColumns {
  readonly #source = growing.uint8();
  readonly #label = growing.uint8();
  readonly #testing = growing.uint8();
  readonly #id = growing.float64();
  /** NaN where it is not known. */
  readonly #at = growing.float64();
  readonly #hash = growing.float64();
  readonly #key = growing.int32();
  /** -1 for rows that are not sampled. */
  readonly #bucket = growing.int32();
  readonly #nearGroup = growing.int32();
  readonly #keys = new DistinctTexts();
  readonly #buckets = new DistinctTexts();
  readonly #nearGroups = new DistinctTexts();

  get count(): number {
    return this.#id.length;
  }

  get keyCount(): number {
    return this.#keys.count;
  }

  get bucketCount(): number {
    return this.#buckets.count;
  }

  get nearGroupCount(): number {
    return this.#nearGroups.count;
  }

  /** `source`: its number; `isSampled`: whether rows of its community and month are limited. */
  add(
    row: SourceRow,
    { source, isSampled, isForTesting }: { source: number; isSampled: boolean; isForTesting: boolean },
  ): void {
    const key = messageKey(row.text);
    this.#source.add(source);
    this.#label.add(labelBits[row.label]);
    this.#testing.add(isForTesting ? 1 : 0);
    this.#id.add(row.id);
    this.#at.add(row.at ?? Number.NaN);
    this.#hash.add(keyHash(key));
    this.#key.add(this.#keys.numberOf(key));
    this.#bucket.add(isSampled ? this.#buckets.numberOf(`${row.community}\0${monthOf(row.at)}`) : -1);
    this.#nearGroup.add(row.nearGroup === undefined ? -1 : this.#nearGroups.numberOf(row.nearGroup));
  }

  sourceOf(row: number): number {
    return this.#source.values[row]!;
  }

  /** A value of {@link labelBits}. */
  labelOf(row: number): number {
    return this.#label.values[row]!;
  }

  isForTesting(row: number): boolean {
    return this.#testing.values[row] === 1;
  }

  idOf(row: number): number {
    return this.#id.values[row]!;
  }

  /** Undefined where it is not known. */
  atOf(row: number): number | undefined {
    const at = this.#at.values[row]!;
    return Number.isNaN(at) ? undefined : at;
  }

  hashOf(row: number): number {
    return this.#hash.values[row]!;
  }

  keyOf(row: number): number {
    return this.#key.values[row]!;
  }

  /** Number of the community and month; -1 where the row is not sampled. */
  bucketOf(row: number): number {
    return this.#bucket.values[row]!;
  }

  /** -1 where none is named. */
  nearGroupOf(row: number): number {
    return this.#nearGroup.values[row]!;
  }
}

/** Of the calendar in UTC. */
function monthOf(at: number | undefined): string {
  if (at === undefined) return '';
  const date = new Date(at);
  return `${date.getUTCFullYear()}-${date.getUTCMonth()}`;
}
