/** How much reports count for that nobody decided. A label of a person counts for 1. */
export interface ReportLimits {
  /** One report. */
  readonly weight: number;
  /** All reports of one person together, at most. */
  readonly mostPerReporter: number;
  /** All reports of one message together, at most. */
  readonly mostPerMessage: number;
  /** All reports together, at most: this share of the weight of what is labeled. */
  readonly mostShare: number;
}

/**
 * Weights of reported messages, which are those of their reports. A report counts for less the more messages its reporter has reported, so
 * that many reports of one person count for as much as a few. `reporters`: of each message that is used, the numbers of those who reported it;
 * `reportsOf`: by that number, how many messages the person has reported, whether they are used or not; `labeled`: weight of what is labeled.
 */
export function reportWeights(
  reporters: readonly (readonly number[])[],
  reportsOf: readonly number[],
  labeled: number,
  limits: ReportLimits,
): readonly number[] {
  const { weight, mostPerReporter, mostPerMessage, mostShare } = limits;
  const weights = reporters.map((people) => {
    const sum = people.reduce(
      (all, person) => all + Math.min(weight, mostPerReporter / reportsOf[person]!),
      0,
    );
    return Math.min(mostPerMessage, sum);
  });
  const all = weights.reduce((sum, each) => sum + each, 0);
  const share = all === 0 ? 1 : Math.min(1, (mostShare * labeled) / all);
  return weights.map((each) => each * share);
}
