import type { GateSettings } from '../../../src/learning/gates/gate-settings.ts';
import type { ModelComparison, ObfuscatedRecall, PairedScore } from '../../../src/learning/held-out.ts';
import { settingsSchema } from '../../../src/settings/settings-schema.ts';

/** The defaults of the settings. */
export const soundSettings: GateSettings = settingsSchema.parse({}).retrain.gate;
export const documentSettings: GateSettings = { ...soundSettings, kind: 'document' };

/** How many messages of one class both models, one of them, or neither calls spam. */
export interface Verdicts {
  readonly both?: number;
  readonly championOnly?: number;
  readonly challengerOnly?: number;
  readonly neither?: number;
}

/** Scores of .9 and .1 of one group of messages. */
export function scoresOf(
  label: 'spam' | 'ham',
  { both = 0, championOnly = 0, challengerOnly = 0, neither = 0 }: Verdicts,
  part: 'old' | 'new' = 'new',
  language = 'en',
): readonly PairedScore[] {
  const many = (count: number, champion: number, challenger: number) =>
    Array.from({ length: count }, () => ({ label, part, language, community: '', champion, challenger }));
  return [
    ...many(both, 0.9, 0.9),
    ...many(championOnly, 0.9, 0.1),
    ...many(challengerOnly, 0.1, 0.9),
    ...many(neither, 0.1, 0.1),
  ];
}

export function comparisonOf(
  scores: readonly PairedScore[],
  obfuscated: readonly ObfuscatedRecall[] = [],
): ModelComparison {
  return {
    ...{ champion: 'old-model', challenger: 'new-model', unscored: 0, scores, obfuscated },
    thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
  };
}

/** A challenger that finds half of the spam that was missed, among 1,000 spam and 2,000 ham in each part. */
export const better: readonly PairedScore[] = (['old', 'new'] as const).flatMap((part) => [
  ...scoresOf('spam', { both: 900, challengerOnly: 50, neither: 50 }, part),
  ...scoresOf('ham', { both: 2, neither: 1998 }, part),
]);
