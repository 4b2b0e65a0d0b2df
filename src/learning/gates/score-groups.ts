import type { Thresholds } from '../../core/decision-policy.ts';
import type { GateRates, HeldOutPart } from '../../core/gate-report.ts';
import type { Label } from '../../ports/labelled-messages.ts';
import type { ModelComparison, PairedScore } from '../held-out.ts';
import type { PairedOutcomes } from './paired-rates.ts';

/** The share of spam, and of ham, with the verdict spam: the two rates that both gates compare. A verdict is spam above `rejectMax`. */
export const gateRates = ['truePositiveRate', 'falsePositiveRate'] as const;
export type GateRate = (typeof gateRates)[number];

export const classOf: Readonly<Record<GateRate, Label>> = {
  truePositiveRate: 'spam',
  falsePositiveRate: 'ham',
};

/** How often each model's verdict is spam, of one class; with that, both rates. */
export interface VerdictCounts {
  readonly messages: number;
  readonly champion: number;
  readonly challenger: number;
  readonly championOnly: number;
  readonly challengerOnly: number;
}

/** Messages that a check is about, and how it names them. */
export interface ScoreGroup {
  /** As in the names of checks: `new`, `language.de`. */
  readonly name: string;
  /** For people: `new messages`, `messages in de`. */
  readonly text: string;
  readonly scores: readonly PairedScore[];
  readonly verdicts: Readonly<Record<Label, VerdictCounts>>;
}

export function allMessages({ scores, thresholds }: ModelComparison): ScoreGroup {
  return groupOf('all', 'all messages', scores, thresholds);
}

/** The messages of one part; there may be none. */
export function partGroup({ scores, thresholds }: ModelComparison, part: HeldOutPart): ScoreGroup {
  const ofPart = scores.filter((score) => score.part === part);
  return groupOf(part, `${part} messages`, ofPart, thresholds);
}

/** By language, in the order of its tag; nothing where all messages are of one. */
export function languageGroups({ scores, thresholds }: ModelComparison): readonly ScoreGroup[] {
  const byLanguage = new Map<string, PairedScore[]>();
  for (const score of scores) {
    const known = byLanguage.get(score.language);
    if (known === undefined) byLanguage.set(score.language, [score]);
    else known.push(score);
  }
  if (byLanguage.size < 2) return [];
  return [...byLanguage.keys()].sort().map((language) => {
    const name = language === '' ? 'unknown' : language;
    const text = language === '' ? 'messages of unknown language' : `messages in ${language}`;
    return groupOf(`language.${name}`, text, byLanguage.get(language)!, thresholds);
  });
}

function groupOf(
  name: string,
  text: string,
  scores: readonly PairedScore[],
  { rejectMax }: Thresholds,
): ScoreGroup {
  const none = () => ({ messages: 0, champion: 0, challenger: 0, championOnly: 0, challengerOnly: 0 });
  const verdicts = { spam: none(), ham: none() };
  for (const { label, champion, challenger } of scores) {
    const counts = verdicts[label];
    const before = champion > rejectMax;
    const after = challenger > rejectMax;
    counts.messages++;
    if (before) counts.champion++;
    if (after) counts.challenger++;
    if (before && !after) counts.championOnly++;
    if (after && !before) counts.challengerOnly++;
  }
  return { name, text, scores, verdicts };
}

/** What is lost and gained by the challenger: a verdict of spam is right for spam and wrong for ham. */
export function outcomesOf(rate: GateRate, counts: VerdictCounts): PairedOutcomes {
  const { messages, championOnly, challengerOnly } = counts;
  return rate === 'truePositiveRate'
    ? { messages, lost: championOnly, gained: challengerOnly }
    : { messages, lost: challengerOnly, gained: championOnly };
}

/** The rates of one of the two models. */
export function ratesOf(
  { verdicts: { spam, ham } }: ScoreGroup,
  which: 'champion' | 'challenger',
): GateRates {
  return {
    ...{ spam: spam.messages, ham: ham.messages },
    truePositiveRate: spam.messages === 0 ? null : spam[which] / spam.messages,
    falsePositiveRate: ham.messages === 0 ? null : ham[which] / ham.messages,
  };
}
