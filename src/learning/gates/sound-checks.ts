import type { Thresholds } from '../../core/decision-policy.ts';
import type { ObfuscatedRecall } from '../held-out.ts';
import { compareCosts, isShownCostlier, neededForSaving, savingP, savingStatistic } from './expected-cost.ts';
import { type AskedCheck, pointsText, pText, rateText } from './gate-check.ts';
import type { GateSettings } from './gate-settings.ts';
import { level, levelQuantile } from './normal.ts';
import { greatestFall, isShownWorse, neededMessages, nonInferiorityP } from './paired-rates.ts';
import { classOf, type GateRate, outcomesOf, type ScoreGroup } from './score-groups.ts';

/** Share of the messages of a class on which two models disagree, as long as few were seen. */
const assumedDisagreement: Readonly<Record<GateRate, number>> = {
  truePositiveRate: 0.05,
  falsePositiveRate: 0.004,
};

const rateNames: Readonly<Record<GateRate, string>> = {
  truePositiveRate: 'true positive rate',
  falsePositiveRate: 'false positive rate',
};

/** Whether one rate is shown to be no worse by the margin or more, within a group of messages. */
export function rateCheck(rate: GateRate, group: ScoreGroup, margin: number): AskedCheck {
  const label = classOf[rate];
  const counts = group.verdicts[label];
  const outcomes = outcomesOf(rate, counts);
  const { messages } = counts;
  const p = nonInferiorityP(outcomes, margin);
  const bound = greatestFall(outcomes);
  const needed = neededMessages(outcomes, margin, assumedDisagreement[rate]);
  const isShown = p <= level;
  const isTooFew = !isShown && messages < needed && !isShownWorse(outcomes);
  const share = (part: number) => (messages === 0 ? null : part / messages);
  const champion = share(counts.champion);
  const challenger = share(counts.challenger);
  const worse = rate === 'truePositiveRate' ? 'lower' : 'higher';
  const found = `${rateNames[rate]} of ${group.text}: ${rateText(champion)} → ${rateText(challenger)} of ${messages} ${label}`;
  const why = isTooFew
    ? `too few ${label} messages to say; ${needed} are needed`
    : messages === 0
      ? 'no message'
      : `${isShown ? 'shown' : 'not shown'} to be less than ${pointsText(margin)} ${worse} (${pText(p)})`;
  return {
    check: {
      name: `${rate}.${group.name}`,
      passed: isShown ? true : isTooFew ? null : false,
      text: `${found}; ${why}`,
      figures: {
        ...{ messages, champion, challenger },
        ...{ championOnly: counts.championOnly, challengerOnly: counts.challengerOnly },
        ...{ margin, bound, p, needed },
      },
    },
    missing: isTooFew ? { spam: 0, ham: 0, [label]: needed - messages } : null,
    group: group.name,
  };
}

/** Whether the challenger is shown to cost less, over all messages. */
export function savingCheck(group: ScoreGroup, thresholds: Thresholds, settings: GateSettings): AskedCheck {
  const costs = compareCosts(group.scores, thresholds, settings.costs);
  const { messages, champion, challenger } = costs;
  const p = savingP(costs);
  const statistic = savingStatistic(costs);
  const needed = messages === 0 ? null : neededForSaving(costs, settings.leastGain);
  const isShown = statistic >= levelQuantile;
  const isTooFew =
    messages === 0 || (!isShown && needed !== null && messages < needed && !isShownCostlier(costs));
  const spam = group.verdicts.spam.messages;
  const found = `expected cost of ${group.text}: ${costText(champion)} → ${costText(challenger)} for 1,000 messages`;
  const gain = rateText(settings.leastGain, 0);
  const why = isShown
    ? `shown to be lower (${pText(p)})`
    : isTooFew
      ? `too few messages to show that it is lower by ${gain}${needed === null ? '' : `; ${needed} are needed`}`
      : isShownCostlier(costs)
        ? 'shown to be higher'
        : `not shown to be lower (${pText(p)})`;
  const more = (part: number) => Math.ceil(((needed ?? 0) / Math.max(1, messages) - 1) * part);
  return {
    check: {
      name: `cost.${group.name}`,
      passed: isShown ? true : isTooFew ? null : false,
      text: `${found}; ${why}`,
      figures: { messages, champion, challenger, p, needed },
    },
    missing: !isTooFew
      ? null
      : messages === 0
        ? { spam: 1, ham: 1 }
        : { spam: more(spam), ham: more(messages - spam) },
    group: group.name,
  };
}

/** Whether the challenger is not shown to cost more, within the old or the new messages. */
export function noLossCheck(group: ScoreGroup, thresholds: Thresholds, settings: GateSettings): AskedCheck {
  const costs = compareCosts(group.scores, thresholds, settings.costs);
  const { messages, champion, challenger } = costs;
  const isCostlier = isShownCostlier(costs);
  return {
    check: {
      name: `cost.${group.name}`,
      passed: !isCostlier,
      text: `expected cost of ${group.text}: ${costText(champion)} → ${costText(challenger)} for 1,000 messages; ${isCostlier ? 'shown to be higher' : 'not shown to be higher'}`,
      figures: { messages, champion, challenger, p: 1 - savingP(costs) },
    },
    missing: null,
    group: group.name,
  };
}

/** Whether recall under an obfuscation has fallen by no more than the margin. */
export function recallCheck(
  { obfuscation, spam, both, championOnly, challengerOnly }: ObfuscatedRecall,
  margin: number,
): AskedCheck {
  const champion = (both + championOnly) / spam;
  const challenger = (both + challengerOnly) / spam;
  // In messages, which are whole numbers: two points of 1,000 are not more than two points.
  const isTooLow = championOnly - challengerOnly > margin * spam + 1e-9;
  return {
    check: {
      name: `recall.${obfuscation}`,
      passed: !isTooLow,
      text: `recall under ${obfuscation}: ${rateText(champion)} → ${rateText(challenger)} of ${spam} spam; it may fall by ${pointsText(margin)}`,
      figures: { spam, champion, challenger, margin },
    },
    missing: null,
    group: 'obfuscated',
  };
}

function costText(costOfOne: number): string {
  return (1000 * costOfOne).toFixed(2);
}
