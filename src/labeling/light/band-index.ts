import {
  bandsOf,
  jaccard,
  NEAR_DUPLICATE_JACCARD,
  type Shingles,
  shinglesOf,
} from '../../text/similarity/near-duplicates.ts';

/** Candidates that are compared with one message at most. */
const MOST_CANDIDATES = 2_000;
/** Messages that share so many of the eight bands are of one group: near-duplicates do with a probability of .97 at a Jaccard index of .95. */
const BANDS_OF_GROUP = 5;
/** Of the messages that have a band, so many are looked at to find a group: the first ones stand for the others. */
const LOOKED_AT = 20;

/** Finds near-duplicates among the messages that were added: their signatures' bands, and no text. */
export class BandIndex {
  readonly #byBand = new Map<number, number[]>();
  readonly #groups: number[] = [];

  /** The message gets the next number, from 0. */
  add(message: string): void {
    const number = this.#groups.length;
    const shared = new Map<number, number>();
    for (const band of bandsOf(shinglesOf(message))) {
      const numbers = this.#byBand.get(band);
      if (numbers === undefined) this.#byBand.set(band, [number]);
      else {
        for (const other of numbers.slice(0, LOOKED_AT)) shared.set(other, (shared.get(other) ?? 0) + 1);
        numbers.push(number);
      }
    }
    const like = [...shared].find(([, bands]) => bands >= BANDS_OF_GROUP);
    this.#groups.push(like === undefined ? number : this.#groups[like[0]]!);
  }

  /** A number that near-duplicates have in common, nearly always; not verified. */
  groupOf(number: number): number {
    return this.#groups[number]!;
  }

  /** Numbers of those that may be near-duplicates of this message, those that share most bands first. */
  candidates(message: string): readonly number[] {
    const shared = new Map<number, number>();
    for (const band of bandsOf(shinglesOf(message)))
      for (const number of this.#byBand.get(band) ?? []) shared.set(number, (shared.get(number) ?? 0) + 1);
    return [...shared]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, MOST_CANDIDATES)
      .map(([number]) => number);
  }
}

/** A message with which others are compared. */
export class NearDuplicateOf {
  readonly #shingles: Shingles;

  constructor(message: string) {
    this.#shingles = shinglesOf(message);
  }

  /** Whether both are near-duplicates by definition, not by a chain of others. */
  matches(message: string): boolean {
    return jaccard(this.#shingles, shinglesOf(message)) >= NEAR_DUPLICATE_JACCARD;
  }
}
