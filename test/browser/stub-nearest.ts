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
