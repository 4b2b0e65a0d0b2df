import type { ScoreSourceAnswer, ThresholdsAnswer } from '../../http/threshold-schemas.ts';

/** Messages of one class by band; weighted in the audit sample. */
interface Counts {
  readonly ham: number;
  readonly review: number;
  readonly spam: number;
}

/** What two thresholds do to decided messages; a share is null where nothing of its kind was decided. */
export interface TriedThresholds {
  /** Of the spam: called spam, called ham. */
  readonly found: number | null;
  readonly missed: number | null;
  /** Of the ham: called spam. */
  readonly accused: number | null;
  /** Of all: left to people. */
  readonly reviewed: number | null;
}

export function triedThresholds(
  { bins }: Pick<ScoreSourceAnswer, 'bins'>,
  { reject_min: min, reject_max: max }: ThresholdsAnswer,
): TriedThresholds {
  const of = (label: 'spam' | 'ham'): Counts => {
    const counts = { ham: 0, review: 0, spam: 0 };
    // A bin ends at a limit, which belongs to the band below it.
    for (const bin of bins) counts[bin.at <= min ? 'ham' : bin.at <= max ? 'review' : 'spam'] += bin[label];
    return counts;
  };
  const spam = of('spam');
  const ham = of('ham');
  const all = sumOf(spam) + sumOf(ham);
  return {
    found: share(spam.spam, sumOf(spam)),
    missed: share(spam.ham, sumOf(spam)),
    accused: share(ham.spam, sumOf(ham)),
    reviewed: share(spam.review + ham.review, all),
  };
}

/** One threshold moved; the other goes with it where they would change places. */
export function movedThreshold(
  thresholds: ThresholdsAnswer,
  name: keyof ThresholdsAnswer,
  to: number,
): ThresholdsAnswer {
  const value = Math.min(1, Math.max(0, to));
  return name === 'reject_min'
    ? { reject_min: value, reject_max: Math.max(value, thresholds.reject_max) }
    : { reject_min: Math.min(value, thresholds.reject_min), reject_max: value };
}

function sumOf({ ham, review, spam }: Counts): number {
  return ham + review + spam;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
