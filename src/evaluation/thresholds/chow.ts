import type { Thresholds } from '../../core/decision-policy.ts';
import type { VerdictCosts } from './verdict-costs.ts';

/**
 * The thresholds that cost least where probabilities are calibrated (Chow 1970): ham as long as p × missed spam costs no more than a
 * review, spam as soon as (1 − p) × false accusation costs less than one. Both are the same where a review never pays.
 */
export function chowThresholds({ falseAccusation, missedSpam, review }: VerdictCosts): Thresholds {
  // Nothing is better than ham where missing spam costs nothing, and then nothing is worse than spam where accusing costs nothing.
  if (missedSpam === 0) return { rejectMin: 1, rejectMax: 1 };
  if (falseAccusation === 0) return { rejectMin: 0, rejectMax: 0 };
  const rejectMin = review / missedSpam;
  const rejectMax = 1 - review / falseAccusation;
  if (rejectMin <= rejectMax) return { rejectMin, rejectMax };
  const even = falseAccusation / (falseAccusation + missedSpam);
  return { rejectMin: even, rejectMax: even };
}

/**
 * Thresholds for probabilities that are calibrated where `calibratedAt` of the messages are spam, from those for a share of `spamShare`
 * (Saerens, Latinne & Decaestecker 2002): the odds of each message change by the ratio of the two prior odds. Shares are in (0, 1).
 */
export function atOtherPrior(thresholds: Thresholds, spamShare: number, calibratedAt: number): Thresholds {
  const ratio = odds(calibratedAt) / odds(spamShare);
  const moved = (threshold: number) =>
    threshold === 1 ? 1 : (odds(threshold) * ratio) / (1 + odds(threshold) * ratio);
  return { rejectMin: moved(thresholds.rejectMin), rejectMax: moved(thresholds.rejectMax) };
}

function odds(share: number): number {
  return share / (1 - share);
}
