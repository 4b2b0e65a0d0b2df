import { describe, expect, it } from 'vitest';
import {
  isLetterValue,
  letterFilterBody,
  lettersOf,
  outcomeCounts,
  searchOfLetters,
} from '../../../src/console/logic/letter-view.ts';
import { activeOf, figureName, moreFigures, usedBy } from '../../../src/console/logic/model-view.ts';
import type { ModelVersionAnswer, ModelVersionsAnswer } from '../../../src/http/model-schemas.ts';

const version = (name: string, status: ModelVersionAnswer['status'], figures = {}): ModelVersionAnswer => ({
  ...{ version: name, status, figures, is_stored: true, trained_at: null, activated_at: null },
  ...{
    deactivated_at: null,
    decided: null,
    true_positive_rate: null,
    false_positive_rate: null,
    facts: null,
  },
});
const list = (changes: Partial<ModelVersionsAnswer>): ModelVersionsAnswer => ({
  versions: [version('new', 'candidate'), version('old', 'active')],
  ...{
    activated: 'old',
    previous: null,
    scores_with: null,
    is_daemon: true,
    pinned: null,
    is_record_read: true,
  },
  ...changes,
});

describe('what the page of models shows', () => {
  it('it is known of a daemon alone whether the active version is used', () => {
    expect(usedBy(list({ scores_with: 'old' }))).toBe('used');
    expect(usedBy(list({ scores_with: 'new' }))).toBe('other');
    expect(usedBy(list({ is_daemon: false }))).toBe('unknown');
    expect(usedBy(list({ versions: [], scores_with: null }))).toBe('other');
    expect(activeOf(list({}))?.version).toBe('old');
  });

  it('figures are the numbers that are not shown anyway', () => {
    const figures = { spam_above_half: 0.9, ham_above_half: 0.1, roc_auc: 0.99, by_language: { en: 1 } };
    expect(moreFigures(version('x', 'active', figures))).toEqual([['roc_auc', 0.99]]);
    expect(figureName('roc_auc')).toBe('roc auc');
  });
});

describe('what the page of dead letters asks for', () => {
  it('the filter is in the address, without what the server would refuse', () => {
    const filter = lettersOf('?reason=not-json&offset=12&topic=a%20b&partition=x&from=-1&other=1');
    expect(filter).toEqual({ reason: 'not-json', offset: '12', topic: 'a b' });
    expect(lettersOf(searchOfLetters(filter))).toEqual(filter);
    expect(searchOfLetters({})).toBe('');
    expect(letterFilterBody(filter)).toEqual({ reason: 'not-json', offset: 12, topic: 'a b' });
    expect(isLetterValue('reason', 'no reason')).toBe(false);
  });

  it('outcomes are counted', () => {
    const outcomes = ['gone', 'replayed', 'gone', 'replayed', 'left'] as const;
    const letters = outcomes.map((outcome, index) => ({ id: String(index), outcome, detail: null }));
    expect(outcomeCounts({ letters, more: false })).toEqual([
      ['replayed', 2],
      ['gone', 2],
      ['left', 1],
    ]);
  });
});
