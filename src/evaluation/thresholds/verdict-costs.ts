import type { Thresholds } from '../../core/decision-policy.ts';
import { bandOf } from '../../decide/reject-option.ts';
import type { Label } from '../../ports/labelled-messages.ts';

/** What verdicts cost, in any unit; only the ratios matter. */
export interface VerdictCosts {
  /** Of a ham message whose verdict is spam. */
  readonly falseAccusation: number;
  /** Of a spam message whose verdict is ham. */
  readonly missedSpam: number;
  /** Of a message that a person has to look at. */
  readonly review: number;
}

/** What the verdict on one message costs, by its label. */
export function costOf(
  label: Label,
  probability: number,
  thresholds: Thresholds,
  costs: VerdictCosts,
): number {
  const band = bandOf(probability, thresholds);
  if (band === 'review') return costs.review;
  if (label === 'spam') return band === 'ham' ? costs.missedSpam : 0;
  return band === 'spam' ? costs.falseAccusation : 0;
}

/** What one message of each class counts for, so that all count for 1 together and spam for `spamShare`; by their numbers where left out. */
export function classWeights(
  spam: number,
  ham: number,
  spamShare: number | undefined,
): Readonly<Record<Label, number>> {
  const share = spamShare ?? spam / Math.max(1, spam + ham);
  return { spam: share / Math.max(1, spam), ham: (1 - share) / Math.max(1, ham) };
}
