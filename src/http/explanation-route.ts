import type { DecisionStore } from '../ports/decision-store.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { explanationAnswer, idPath } from './console-schemas.ts';
import type { Explainer } from './explainer.ts';
import { ProblemError } from './problem.ts';
import { itemOf } from './review-route.ts';

/** `GET /api/v1/review/{id}/explanation`: why the active model gives the message its score. */
export function explanationRoute(
  app: ApiApp,
  store: Pick<DecisionStore, 'item'>,
  explainer: Explainer,
): void {
  app.get(
    '/api/v1/review/:id/explanation',
    {
      schema: {
        operationId: 'explainReview',
        summary: 'Explain the score of a message.',
        description:
          'By the model that is active now, which may be another one than the model that scored the message.',
        tags: ['review'],
        params: idPath,
        response: { 200: explanationAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      actorOf(request);
      const { message, community } = await itemOf(store, request.params.id);
      const explained = await explainer.explain({ message, community });
      if (explained === null)
        throw new ProblemError('message-unreadable', { detail: 'The model gives the message no score.' });
      const { explanation, thresholds } = explained;
      return {
        ...explanation,
        thresholds: { reject_min: thresholds.rejectMin, reject_max: thresholds.rejectMax },
      };
    },
  );
}
