import type { ModelVersionAnswer, ModelVersionsAnswer } from '../../http/model-schemas.ts';

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
