/** Upper limits of the ranges that scores are counted in, ascending up to 1; narrow about the usual thresholds. */
export const scoreLimits = [
  0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99, 1,
] as const;

/** How often scores fell into each range. */
export interface ScoreCounts {
  /** One for each of {@link scoreLimits}: scores up to it and above the one before. */
  readonly counts: readonly number[];
  /** Of the scores themselves. */
  readonly sum: number;
}

/** Counts scores one by one, where they are made. */
export class ScoreTally implements ScoreCounts {
  readonly counts: number[] = scoreLimits.map(() => 0);
  sum = 0;

  /** What is not a number is not a score. */
  add(score: number): void {
    // Most messages leave early and have none, which no range would match.
    if (Number.isNaN(score)) return;
    for (let i = 0; i < scoreLimits.length; i++)
      if (score <= scoreLimits[i]!) {
        this.counts[i]!++;
        this.sum += score;
        return;
      }
  }
}
