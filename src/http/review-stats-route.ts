import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { reviewStatsAnswer } from './console-schemas.ts';
import { decidedRows, type ReviewCounts } from './review-counts.ts';

/** `GET /api/v1/review/stats`: what waits, and what was decided today, by the clock and the time zone of the server. */
export function reviewStatsRoute(app: ApiApp, counts: ReviewCounts): void {
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
      const { progress, outbox } = await counts.count();
      return {
        open: progress.open,
        mine: decidedRows(progress, name),
        team: decidedRows(progress),
        outbox: { rows: outbox.rows, oldest_seconds: outbox.oldestSeconds },
      };
    },
  );
}
