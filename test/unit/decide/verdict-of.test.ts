import { expect, test } from 'vitest';
import type { ScoredMessage } from '../../../src/core/scored-batch.ts';
import { verdictSchema } from '../../../src/core/verdict.ts';
import { verdictOf } from '../../../src/decide/verdict-of.ts';

const scored: ScoredMessage = {
  index: 4,
  message: { message: 'private', message_id: 'a', community: 'c', sender: 's' },
  verdict: 'review',
  probability: null,
  probabilityMin: 0.55,
  probabilityMax: 0.65,
  reasons: ['word', 'link'],
  unscorable: false,
  members: [0.5],
  features: [{ name: 'word', count: 1, strength: 2 }],
};

test('a verdict contains community, id, probability, model, reasons and time, and never the text', () => {
  const verdict = verdictOf(scored, '20261122T000000Z-0123abcd', '2026-11-22T00:00:00.000Z');
  expect(verdict).toEqual({
    community: 'c',
    message_id: 'a',
    verdict: 'review',
    probability: null,
    probability_min: 0.55,
    probability_max: 0.65,
    model: '20261122T000000Z-0123abcd',
    decided_by: 'model',
    reasons: ['word', 'link'],
    scored_at: '2026-11-22T00:00:00.000Z',
  });
  expect(verdictSchema.strict().safeParse(verdict).success).toBe(true);
});
