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
      const items = found.slice(0, countThatFits(found.slice(0, limit)));
      const next = found.length > items.length ? (items.at(-1)?.id ?? null) : null;
      return { items: items.map(shown), next };
    },
  );
}

/** A page of the longest messages would be 13 MB; a shorter page says where the next begins. */
const PAGE_CHARACTERS = 1_048_576;

/** How many of the items fit on one page; the first in any case. */
function countThatFits(items: readonly ReviewItem[]): number {
  let characters = 0;
  for (const [index, { message }] of items.entries()) {
    characters += message.length;
    if (index > 0 && characters > PAGE_CHARACTERS) return index;
  }
  return items.length;
}

function shown({ reasons, position, ...item }: ReviewItem) {
  const { topic, partition, offset } = position;
  return { ...item, reasons: [...reasons], position: { topic, partition, offset } };
}
