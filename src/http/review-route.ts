import type { ReviewItem, ReviewStore } from '../ports/review-store.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers, reviewAnswer, reviewQuery } from './api-schemas.ts';

/** `GET /api/v1/review`: what waits for a human, page by page; nothing is changed. */
export function reviewRoute(app: ApiApp, reviews: ReviewStore): void {
  app.get(
    '/api/v1/review',
    {
      schema: {
        operationId: 'listReview',
        summary: 'List messages of the review store.',
        tags: ['review'],
        querystring: reviewQuery,
        response: { 200: reviewAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { state, after, limit } = request.query;
      // One more than asked for, to know whether another page follows.
      const found = await reviews.list({
        state,
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      });
      const items = found.slice(0, limit);
      const next = found.length > limit ? (items.at(-1)?.id ?? null) : null;
      return { items: items.map(shown), next };
    },
  );
}

function shown({ reasons, position, ...item }: ReviewItem) {
  const { topic, partition, offset } = position;
  return { ...item, reasons: [...reasons], position: { topic, partition, offset } };
}
