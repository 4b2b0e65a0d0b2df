import type { GateCheck, GateReport, HeldOutPart } from '../../core/gate-report.ts';
import type { ModelComparison } from '../held-out.ts';
import { type AskedCheck, neededInAll, rateText } from './gate-check.ts';
import type { GateSettings } from './gate-settings.ts';
import {
  allMessages,
  classOf,
  type GateRate,
  gateRates,
  languageGroups,
  outcomesOf,
  partGroup,
  ratesOf,
  type ScoreGroup,
} from './score-groups.ts';
import { noLossCheck, rateCheck, recallCheck, savingCheck } from './sound-checks.ts';

/**
 * Decides whether a challenger is promoted, and says by which figures. A verdict is spam above `rejectMax`, as it is published. A
 * challenger without a champion is promoted at once. Every check must be passed: so the chance to promote a challenger that fails one of
 * the hypotheses is at most that of its own test, 5 %, however many there are (intersection-union test: Berger, R. L. (1982).
 * Multiparameter hypothesis testing and acceptance sampling. Technometrics 24, 295–300).
 */
export function decideGate(comparison: ModelComparison, settings: GateSettings): GateReport {
  const { champion } = comparison;
  const groups = {
    old: partGroup(comparison, 'old'),
    new: partGroup(comparison, 'new'),
    all: allMessages(comparison),
  };
  const asked =
    champion === null
      ? []
      : settings.kind === 'document'
        ? gateRates.map((rate) => notWorse(rate, groups.all))
        : soundChecks(comparison, groups, settings);
  const rates = (group: ScoreGroup) => ({
    champion: champion === null ? null : ratesOf(group, 'champion'),
    challenger: ratesOf(group, 'challenger'),
  });
  const { spam, ham } = groups.all.verdicts;
  const needed = neededInAll({ spam: spam.messages, ham: ham.messages }, asked);
  const checks = asked.map(({ check }) => check);
  return {
    gate: settings.kind,
    ...{ champion, challenger: comparison.challenger },
    promoted: checks.every(({ passed }) => passed === true),
    why: champion === null ? 'No model is active yet, so this one is promoted.' : whyOf(checks, needed),
    thresholds: comparison.thresholds,
    rates: { old: rates(groups.old), new: rates(groups.new), all: rates(groups.all) },
    ...{ checks, needed },
  };
}

/** As the figures are, without asking whether it was by chance. */
function notWorse(rate: GateRate, { name, text, verdicts }: ScoreGroup): AskedCheck {
  const label = classOf[rate];
  const counts = verdicts[label];
  const { messages } = counts;
  const { lost, gained } = outcomesOf(rate, counts);
  const share = (part: number) => (messages === 0 ? null : part / messages);
  const champion = share(counts.champion);
  const challenger = share(counts.challenger);
  const [title, may] =
    rate === 'truePositiveRate'
      ? ['true positive rate', 'it may not be lower']
      : ['false positive rate', 'it may not be higher'];
  return {
    check: {
      name: `${rate}.${name}`,
      passed: messages === 0 ? null : lost <= gained,
      text: `${title} of ${text}: ${rateText(champion)} → ${rateText(challenger)} of ${messages} ${label}; ${may}`,
      figures: {
        ...{ messages, champion, challenger },
        ...{ championOnly: counts.championOnly, challengerOnly: counts.challengerOnly },
      },
    },
    missing: messages === 0 ? { spam: 0, ham: 0, [label]: 1 } : null,
    group: name,
  };
}

function soundChecks(
  comparison: ModelComparison,
  { all, ...parts }: Readonly<Record<HeldOutPart | 'all', ScoreGroup>>,
  settings: GateSettings,
): readonly AskedCheck[] {
  const { thresholds, obfuscated } = comparison;
  const { margins, fewestPerLanguage, fewestPerObfuscation } = settings;
  const rates = (group: ScoreGroup, factor: number, fewest = 0) =>
    gateRates
      .filter((rate) => group.verdicts[classOf[rate]].messages >= fewest)
      .map((rate) => rateCheck(rate, group, factor * margins[rate]));
  // Where all messages are of one part, that part is all messages, with the narrower margins.
  const apart = [parts.old, parts.new].every(({ scores }) => scores.length > 0) ? [parts.old, parts.new] : [];
  return [
    ...rates(all, 1),
    savingCheck(all, thresholds, settings),
    ...apart.flatMap((part) => [...rates(part, margins.partFactor), noLossCheck(part, thresholds, settings)]),
    ...languageGroups(comparison).flatMap((group) => rates(group, margins.partFactor, fewestPerLanguage)),
    ...obfuscated
      .filter(({ spam }) => spam >= fewestPerObfuscation)
      .map((recall) => recallCheck(recall, margins.obfuscatedRecall)),
  ];
}

function whyOf(checks: readonly GateCheck[], needed: GateReport['needed']): string {
  const refused = checks.filter(({ passed }) => passed === false);
  const open = checks.filter(({ passed }) => passed === null);
  if (refused.length + open.length === 0) return `All ${checks.length} checks are passed.`;
  const parts: string[] = [];
  if (refused.length > 0)
    parts.push(
      `${refused.length} of ${checks.length} checks are not passed: ${listed(refused)}. The active model stays.`,
    );
  if (needed !== null)
    parts.push(
      `There are too few held-out messages for ${open.length} of ${checks.length} checks (${listed(open)}): about ${needed.spam} spam and ${needed.ham} ham would be enough. Label more messages, then retrain.`,
    );
  return parts.join(' ');
}

const LISTED = 5;

function listed(checks: readonly GateCheck[]): string {
  const names = checks.slice(0, LISTED).map(({ name }) => name);
  const more = checks.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
