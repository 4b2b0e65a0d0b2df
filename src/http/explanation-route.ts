import { isScoreHidden } from '../core/hidden-score.ts';
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
  store: Pick<DecisionStore, 'item' | 'secondOpinions'>,
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
      const { name } = actorOf(request);
      const item = await itemOf(store, request.params.id);
      const { message, community, id } = item;
      const isAsked = item.origin === 'audit' && (await store.secondOpinions.heldBy(name)).has(id);
      if (isScoreHidden(item) || isAsked)
        throw new ProblemError('score-hidden', {
          detail: `Review row ${id} is of the audit sample. Decide it first; then its score is explained.`,
        });
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
