import { bandsOf, jaccard, NEAR_DUPLICATE_JACCARD, type Shingles, shinglesOf } from '../../text/similarity/near-duplicates.ts';

/** Candidates that are compared with one message at most. */
const MOST_CANDIDATES = 2_000;

/** Finds near-duplicates among the messages that were added: their signatures' bands in arrays, and no text. */
export class BandIndex {
  readonly #byBand = new Map<number, number[]>();
  #size = 0;

  /** The message gets the next number, from 0. */
  add(message: string): void {
    for (const band of bandsOf(shinglesOf(message))) {
      const numbers = this.#byBand.get(band);
      if (numbers === undefined) this.#byBand.set(band, [this.#size]);
      else numbers.push(this.#size);
    }
    this.#size++;
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
