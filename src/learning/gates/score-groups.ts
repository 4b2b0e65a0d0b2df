import type { GateRates } from '../../core/gate-report.ts';
import type { Label } from '../../ports/labelled-messages.ts';
import type { ModelComparison, PairedScore } from '../held-out.ts';
import type { PairedOutcomes } from './paired-rates.ts';

/** Spam that each model calls spam, or ham that it calls spam: the two rates that both gates compare. */
export const gateRates = ['truePositiveRate', 'falsePositiveRate'] as const;
export type GateRate = (typeof gateRates)[number];

export const classOf: Readonly<Record<GateRate, Label>> = {
  truePositiveRate: 'spam',
  falsePositiveRate: 'ham',
};

/** Messages that a check is about, and how it names them. */
export interface ScoreGroup {
  /** As in the names of checks: `new`, `language.de`. */
  readonly name: string;
  /** For people: `new messages`, `messages in de`. */
  readonly text: string;
  readonly scores: readonly PairedScore[];
}

export function allMessages({ scores }: ModelComparison): ScoreGroup {
  return { name: 'all', text: 'all messages', scores };
}

/** Old and new messages; nothing where all are of one part, which then is all messages. */
export function partGroups({ scores }: ModelComparison): readonly ScoreGroup[] {
  const groups = (['old', 'new'] as const).map((part) => ({
    ...{ name: part, text: `${part} messages` },
    scores: scores.filter((score) => score.part === part),
  }));
  return groups.every((group) => group.scores.length > 0) ? groups : [];
}

/** By language, in the order of its tag; nothing where all messages are of one. */
export function languageGroups({ scores }: ModelComparison): readonly ScoreGroup[] {
  const languages = [...new Set(scores.map(({ language }) => language))].sort();
  if (languages.length < 2) return [];
  return languages.map((language) => ({
    name: `language.${language === '' ? 'unknown' : language}`,
    text: language === '' ? 'messages of unknown language' : `messages in ${language}`,
    scores: scores.filter((score) => score.language === language),
  }));
}

/** How often each model's verdict is spam, of one class; with that, both rates. */
export interface VerdictCounts {
  readonly messages: number;
  readonly champion: number;
  readonly challenger: number;
  readonly championOnly: number;
  readonly challengerOnly: number;
}

/** A verdict is spam above `rejectMax`. */
export function countVerdicts(
  scores: readonly PairedScore[],
  label: Label,
  rejectMax: number,
): VerdictCounts {
  let messages = 0;
  let champion = 0;
  let challenger = 0;
  let both = 0;
  for (const score of scores) {
    if (score.label !== label) continue;
    messages++;
    const before = score.champion > rejectMax;
    const after = score.challenger > rejectMax;
    if (before) champion++;
    if (after) challenger++;
    if (before && after) both++;
  }
  return {
    ...{ messages, champion, challenger },
    championOnly: champion - both,
    challengerOnly: challenger - both,
  };
}

/** What is lost and gained by the challenger: spam is right above `rejectMax`, ham below. */
export function outcomesOf(rate: GateRate, counts: VerdictCounts): PairedOutcomes {
  const { messages, championOnly, challengerOnly } = counts;
  return rate === 'truePositiveRate'
    ? { messages, lost: championOnly, gained: challengerOnly }
    : { messages, lost: challengerOnly, gained: championOnly };
}

/** The rates of one of the two models. */
export function ratesOf(
  scores: readonly PairedScore[],
  which: 'champion' | 'challenger',
  rejectMax: number,
): GateRates {
  const spam = countVerdicts(scores, 'spam', rejectMax);
  const ham = countVerdicts(scores, 'ham', rejectMax);
  return {
    ...{ spam: spam.messages, ham: ham.messages },
    truePositiveRate: spam.messages === 0 ? null : spam[which] / spam.messages,
    falsePositiveRate: ham.messages === 0 ? null : ham[which] / ham.messages,
  };
}
