import type { DecisionStore, ReviewProgress } from '../ports/decision-store.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { reviewStatsAnswer } from './console-schemas.ts';

const HOUR_MS = 3_600_000;
/** Every open page asks about as often; the counts are the same for all. */
const SAME_FOR_MS = 2_000;

interface Counted {
  readonly at: number;
  readonly progress: ReviewProgress;
  readonly outbox: { readonly rows: number; readonly oldestSeconds: number };
}

/** `GET /api/v1/review/stats`: what waits, and what was decided today, by the clock and the time zone of the server. */
export function reviewStatsRoute(
  app: ApiApp,
  store: Pick<DecisionStore, 'progress' | 'outboxDepth'>,
  now: () => number = Date.now,
): void {
  let counting: { readonly at: number; readonly counted: Promise<Counted> } | undefined;
  const count = (at: number): Promise<Counted> => {
    // A clock that was set back makes them old too.
    if (counting !== undefined && Math.abs(at - counting.at) < SAME_FOR_MS) return counting.counted;
    const counted = countAll(store, at);
    counting = { at, counted };
    counted.catch(() => {
      counting = undefined;
    });
    return counted;
  };
  app.get(
    '/api/v1/review/stats',
    {
      schema: {
        operationId: 'reviewStats',
        summary: 'What waits in the review queue, and what was decided.',
        tags: ['review'],
        response: { 200: reviewStatsAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { name } = actorOf(request);
      const { progress, outbox } = await count(now());
      const sum = (index: number) =>
        progress.people.reduce((total, { rows }) => total + (rows[index] ?? 0), 0);
      const mine = progress.people.find((person) => person.name === name)?.rows;
      return {
        open: progress.open,
        mine: { today: mine?.[0] ?? 0, last_hour: mine?.[1] ?? 0 },
        team: { today: sum(0), last_hour: sum(1) },
        outbox: { rows: outbox.rows, oldest_seconds: outbox.oldestSeconds },
      };
    },
  );
}

async function countAll(
  store: Pick<DecisionStore, 'progress' | 'outboxDepth'>,
  at: number,
): Promise<Counted> {
  const midnight = new Date(at).setHours(0, 0, 0, 0);
  const progress = await store.progress([midnight, at - HOUR_MS]);
  return { at, progress, outbox: await store.outboxDepth() };
}
