/** How much reports count for that nobody decided. A label counts for 1. */
export interface ReportLimits {
  /** One report. */
  readonly weight: number;
  /** All reports of one person together, at most. */
  readonly mostPerReporter: number;
  /** All reports of one message together, at most. */
  readonly mostPerMessage: number;
  /** All reports together, at most: this share of the weight of what is labeled. */
  readonly mostShare: number;
  /** A message counts from this share of what the reports of all reporters could count for. */
  readonly leastShare: number;
}

export interface Reported {
  /** Of each message: the numbers of those who reported it, or a near-duplicate, each once. */
  readonly reporters: readonly (readonly number[])[];
  /** By that number: how many messages the person has reported that nobody decided. */
  readonly reportsOf: readonly number[];
  /** How many people have reported anything, decided or not. */
  readonly everybody: number;
  /** Weight of what is labeled. */
  readonly labeled: number;
}

/** Sums of weights that should be the same. */
const ROUNDING = 1e-9;

/**
 * Weights of reported messages; 0 for one that too few people report. A report counts for less the more messages its reporter has reported, so
 * many reports of one person count for as much as a few. A message needs as much as one whole report, and a share of what all reporters together
 * could give: so a part of the reporters who collude can bring in so many messages and no more, however many people there are. To be trained on with a
 * small weight alone would not bound them: a model that can separate its messages fits those of small weights, too.
 */
export function reportWeights(
  { reporters, reportsOf, everybody, labeled }: Reported,
  { weight, mostPerReporter, mostPerMessage, mostShare, leastShare }: ReportLimits,
): readonly number[] {
  // Of a power of two, so that some reporters more hardly ever change which messages of others count.
  const people = 2 ** Math.ceil(Math.log2(Math.max(1, everybody, reportsOf.length)));
  const least = Math.max(Math.min(weight, mostPerReporter), leastShare * mostPerReporter * people);
  const weights = reporters.map((own) => {
    const sum = own.reduce((all, person) => all + Math.min(weight, mostPerReporter / reportsOf[person]!), 0);
    return sum < least - ROUNDING ? 0 : Math.min(mostPerMessage, sum);
  });
  const all = weights.reduce((sum, each) => sum + each, 0);
  const share = all === 0 ? 1 : Math.min(1, (mostShare * labeled) / all);
  return weights.map((each) => each * share);
}
