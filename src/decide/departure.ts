import type { GuardCounts } from '../core/guard-counts.ts';

export interface DepartureRule {
  /** How far the share of spam, and of review, may be from that of the model before; of all messages, above 0 and below 1. */
  readonly spamBeyond: number;
  readonly reviewBeyond: number;
  /** Probability, at most, that a model which departs by less is ever taken for one that departs by more. */
  readonly falseAlarms: number;
}

/** A share that is further from that of the model before than it may be. */
export interface Departure {
  readonly verdict: 'spam' | 'review';
  readonly direction: 'more' | 'fewer';
}

/** Bets between the largest one and this many halvings of it; the true departure decides which of them wins most. */
const BETS = 7;
/** Of the largest bet that cannot lose all. */
const LARGEST = 0.95;
/** Two verdicts, two directions. */
const TESTS = 4;

/**
 * Whether the share of a verdict departs by more than the rule allows, beyond chance; it may be asked after every message.
 *
 * Each message is worth +1 where the new model alone gives the verdict, -1 where the model before alone does, else 0. The hypothesis is
 * that its expectation, given the messages before, is at most `beyond`. Who bets the same part of a capital on each message being
 * worth more has, if the hypothesis is true, a capital that is a supermartingale, and so ever reaches 1 / a with a probability of
 * at most a (Ville 1939). The capital here is divided between bets of several sizes, and a is a quarter of `falseAlarms`, since there are
 * four such hypotheses. Nothing is assumed about the messages: a flood of spam reaches both models. Waudby-Smith and Ramdas,
 * "Estimating means of bounded random variables by betting", JRSS B 86 (2024).
 */
export function departureOf(counts: GuardCounts, rule: DepartureRule): Departure | undefined {
  const { messages, spamMore, spamFewer, reviewMore, reviewFewer } = counts;
  const needed = Math.log(TESTS / rule.falseAlarms);
  const isBeyond = (more: number, fewer: number, beyond: number) =>
    more - fewer > beyond * messages && logCapital(messages, more, fewer, beyond) >= needed;
  if (isBeyond(spamMore, spamFewer, rule.spamBeyond)) return { verdict: 'spam', direction: 'more' };
  if (isBeyond(spamFewer, spamMore, rule.spamBeyond)) return { verdict: 'spam', direction: 'fewer' };
  if (isBeyond(reviewMore, reviewFewer, rule.reviewBeyond)) return { verdict: 'review', direction: 'more' };
  if (isBeyond(reviewFewer, reviewMore, rule.reviewBeyond)) return { verdict: 'review', direction: 'fewer' };
  return undefined;
}

/** Logarithm of what a capital of 1 has become; the order of the messages makes no difference. */
function logCapital(messages: number, more: number, fewer: number, beyond: number): number {
  const logs: number[] = [];
  for (let bet = 0; bet < BETS; bet++) {
    const part = (LARGEST * 2 ** -bet) / (1 + beyond);
    logs.push(
      more * Math.log1p(part * (1 - beyond)) +
        fewer * Math.log1p(-part * (1 + beyond)) +
        (messages - more - fewer) * Math.log1p(-part * beyond),
    );
  }
  const highest = Math.max(...logs);
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / BETS);
}
