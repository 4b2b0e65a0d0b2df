import { level, levelQuantile, powerQuantile, upperTail } from './normal.ts';

/**
 * Outcomes of two models on the same messages of one class. `lost`: only the champion was right; `gained`: only the challenger was right.
 */
export interface PairedOutcomes {
  readonly messages: number;
  readonly lost: number;
  readonly gained: number;
}

/**
 * Score statistic of the hypothesis that the share of right answers falls by exactly `fall` from the champion to the challenger; positive
 * where it was seen to fall by less. Under the hypothesis nearly standard normal, also where nothing was lost or gained. `fall`: from −1
 * to 1; 0 makes it McNemar's statistic. Null where the hypothesis has no variance, as without any message.
 *
 * Source: Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the paired-sample design.
 * Statistics in Medicine 17, 891–908: the share of `gained` is estimated under the hypothesis, by maximum likelihood.
 */
export function fallStatistic(outcomes: PairedOutcomes, fall: number): number | null {
  const { messages, lost, gained } = outcomes;
  const variance = messages * (2 * gainedUnder(outcomes, fall) + fall * (1 - fall));
  if (!(variance > 1e-12)) return null;
  return (messages * fall - (lost - gained)) / Math.sqrt(variance);
}

/** The share of `gained` that is likeliest if the share of `lost` is greater by `fall`. */
function gainedUnder({ messages, lost, gained }: PairedOutcomes, fall: number): number {
  const a = 2 * messages;
  const b = (2 * messages - lost + gained) * fall - lost - gained;
  const c = -gained * fall * (1 - fall);
  return (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
}

/** Up to so many disagreements the probability is summed up, above it is the normal distribution's. */
const FEW = 12;

/**
 * Probability under the hypothesis that the share falls by `margin` or more, of an outcome as good as this or better: below the level, the
 * challenger is shown to be worse by less than the margin. 1 without messages.
 *
 * Tango's statistic; of few disagreements not by the normal distribution, but by the exact probability of all outcomes that are as good,
 * at the likeliest shares under the hypothesis (Lloyd, C. J., Moldovan, M. V. (2008). A more powerful exact test of noninferiority from
 * binary matched-pairs data. Statistics in Medicine 27, 3540–3549). With the normal distribution 6.4 % instead of 5 % would pass at
 * the margin where 550 messages agree.
 */
export function nonInferiorityP(outcomes: PairedOutcomes, margin: number): number {
  const statistic = fallStatistic(outcomes, margin);
  if (statistic === null) return 1;
  return outcomes.lost + outcomes.gained <= FEW
    ? exactTail(outcomes, margin, statistic)
    : upperTail(statistic);
}

function exactTail(outcomes: PairedOutcomes, margin: number, statistic: number): number {
  const { messages } = outcomes;
  const shareGained = gainedUnder(outcomes, margin);
  const shareLost = shareGained + margin;
  const meanGained = messages * shareGained;
  const mostGained = Math.min(messages, Math.ceil(meanGained + 8 * Math.sqrt(meanGained) + 8));
  // Probability of (0 lost, `gained`); then of one more lost each.
  let first = (1 - shareLost - shareGained) ** messages;
  const rest = 1 - shareLost - shareGained;
  let sum = 0;
  for (let gained = 0; gained <= mostGained && first > 0; gained++) {
    let probability = first;
    for (let lost = 0; lost + gained <= messages; lost++) {
      // More lost is worse, so that the first outcome that is worse ends the row.
      if ((fallStatistic({ messages, lost, gained }, margin) ?? 0) < statistic - 1e-9) break;
      sum += probability;
      probability *= ((messages - gained - lost) / (lost + 1)) * (shareLost / rest);
      if (probability < 1e-18 && lost > messages * shareLost) break;
    }
    first *= ((messages - gained) / (gained + 1)) * (shareGained / rest);
  }
  return Math.min(1, sum);
}

/**
 * One-sided 95 % bound: with that confidence the share of right answers falls by no more (negative: it rises by at least so much). Tango's
 * interval, found by bisection to 1e-10. 1 without messages.
 */
export function greatestFall(outcomes: PairedOutcomes): number {
  if (outcomes.messages === 0) return 1;
  let low = (outcomes.lost - outcomes.gained) / outcomes.messages;
  let high = 1;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if ((fallStatistic(outcomes, middle) ?? 0) < levelQuantile) low = middle;
    else high = middle;
  }
  return high;
}

/** Whether the challenger is shown, at the level, to be worse at all. */
export function isShownWorse({ lost, gained }: PairedOutcomes): boolean {
  return lost - gained > levelQuantile * Math.sqrt(lost + gained);
}

/** Messages of an assumed share of disagreement that count beside those that were seen. */
const ASSUMED_MESSAGES = 100;

/**
 * How many messages are enough to show, with 80 % power, that a challenger that is equally good is worse by less than `margin`: by the
 * disagreement that was seen, drawn towards `assumed` where few messages were; and at least so many that perfect agreement would show it.
 *
 * Source: Nam, J. (1997). Establishing equivalence of two treatments and sample size requirements in matched-pairs design. Biometrics 53,
 * 1422–1430.
 */
export function neededMessages(
  { messages, lost, gained }: PairedOutcomes,
  margin: number,
  assumed: number,
): number {
  const disagreement = (lost + gained + ASSUMED_MESSAGES * assumed) / (messages + ASSUMED_MESSAGES);
  const quantiles = levelQuantile + powerQuantile;
  const byPower = (quantiles * quantiles * disagreement) / (margin * margin);
  const byAgreement = Math.log(level) / Math.log1p(-margin);
  return Math.ceil(Math.max(byPower, byAgreement));
}
