import type { ModelVersionAnswer, ModelVersionsAnswer } from '../../http/model-schemas.ts';
import type { GuardedVersionAnswer, ShadowAnswer } from '../../http/shadow-schemas.ts';

/** The version that is active by the record. */
export function activeOf({ versions }: ModelVersionsAnswer): ModelVersionAnswer | undefined {
  return versions.find(({ status }) => status === 'active');
}

/**
 * Whether daemons score with it: `unknown` where this server is none and cannot know; `other` where the one that answers still scores
 * with another model.
 */
export function usedBy(list: ModelVersionsAnswer): 'unknown' | 'used' | 'other' {
  if (!list.is_daemon) return 'unknown';
  return list.scores_with !== null && list.scores_with === activeOf(list)?.version ? 'used' : 'other';
}

/** Figures of the training that are numbers, but for the two that are shown anyway. */
export function moreFigures({ figures }: ModelVersionAnswer): readonly (readonly [string, number])[] {
  return Object.entries(figures).filter(
    (figure): figure is [string, number] =>
      typeof figure[1] === 'number' && figure[0] !== 'spam_above_half' && figure[0] !== 'ham_above_half',
  );
}

/** `roc_auc` as `roc auc`: the names are the trainer's. */
export function figureName(name: string): string {
  return name.replaceAll('_', ' ');
}

/** By how much the shares of a model differ from those of the model before. */
export function departureOf(guarded: GuardedVersionAnswer): {
  readonly spam: number;
  readonly review: number;
} {
  const { messages, spam_more, spam_fewer, review_more, review_fewer } = guarded;
  const of = (more: number, fewer: number) => (messages === 0 ? 0 : (more - fewer) / messages);
  return { spam: of(spam_more, spam_fewer), review: of(review_more, review_fewer) };
}

export interface ShadowPair {
  readonly active: string;
  readonly shadow: string;
  readonly messages: number;
  /** Share of the messages that both gave the same verdict, 0 … 1. */
  readonly same: number;
}

/** Each pair of models that scored the same messages, the newest shadow first. */
export function pairsOf({ counts }: Pick<ShadowAnswer, 'counts'>): readonly ShadowPair[] {
  const pairs = new Map<string, { active: string; shadow: string; messages: number; equal: number }>();
  for (const { active, shadow, active_verdict, shadow_verdict, messages } of counts) {
    const key = `${shadow} ${active}`;
    const pair = pairs.get(key) ?? { active, shadow, messages: 0, equal: 0 };
    pair.messages += messages;
    if (active_verdict === shadow_verdict) pair.equal += messages;
    pairs.set(key, pair);
  }
  return [...pairs]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([, { equal, ...pair }]) => ({ ...pair, same: pair.messages === 0 ? 1 : equal / pair.messages }));
}
