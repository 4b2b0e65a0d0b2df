import type { AgreementAnswer } from '../../src/http/agreement-schemas.ts';
import type { QueueItemAnswer } from '../../src/http/console-schemas.ts';
import type { NearestAnswer } from '../../src/http/nearest-schemas.ts';

/** Two of the other messages, as if they had been labeled. */
export function nearestFor(row: QueueItemAnswer, rows: readonly QueueItemAnswer[]): NearestAnswer {
  const others = rows.filter(({ id }) => id !== row.id).slice(0, 2);
  return {
    items: others.map(({ id, community, message }, index) => ({
      ...{ review_id: index === 0 ? id : null, community, message },
      label: index === 0 ? 'spam' : 'ham',
      source: index === 0 ? 'review' : 'corpus',
      labelled_by: index === 0 ? 'anna' : null,
      labelled_at: index === 0 ? Date.now() - 7_200_000 : null,
      similarity: 0.83 - index / 3,
    })),
  };
}

const figures = { pairs: 64, observed: 0.92, kappa: 0.83, low: 0.68, high: 0.98 };
const few = { pairs: 7, observed: null, kappa: null, low: null, high: null };

export const stubAgreement: AgreementAnswer = {
  least_pairs: 20,
  mine: { ...figures, pairs: 41 },
  weeks: [
    { ...figures, pairs: 57, week: Date.UTC(2026, 10, 16) },
    { ...few, week: Date.UTC(2026, 10, 23) },
  ],
  team: figures,
  people: [
    { ...figures, pairs: 41, names: ['anna', 'mo'] },
    { ...few, names: ['anna', 'ben'] },
  ],
};
