import type { NearestMessages } from '../campaigns/nearest-messages.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { idPath } from './console-schemas.ts';
import { nearestAnswer } from './nearest-schemas.ts';
import { itemOf } from './review-route.ts';

/** `GET /api/v1/review/{id}/nearest`: how messages like this one were labeled. */
export function nearestRoute(
  app: ApiApp,
  store: Pick<DecisionStore, 'item'>,
  nearest: Pick<NearestMessages, 'of'>,
): void {
  app.get(
    '/api/v1/review/:id/nearest',
    {
      schema: {
        operationId: 'nearestMessages',
        summary: 'Show the labeled messages that are most like a message.',
        description:
          'Of decided messages and of the training data. What was decided for the message itself is left out.',
        tags: ['review'],
        params: idPath,
        response: { 200: nearestAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      actorOf(request);
      return { items: [...(await nearest.of(await itemOf(store, request.params.id)))] };
    },
  );
}
