import { requireRole } from '../core/require-role.ts';
import type { SecondOpinions } from '../ports/second-opinions.ts';
import type { TrainingStore } from '../ports/training-store.ts';
import type { Relabeling, ReviewDesk } from '../review/review-desk.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { keyOf } from './decision-routes.ts';
import { ProblemError } from './problem.ts';
import { filterOf, knownCursor, pageThatFits } from './review-route.ts';
import { relabelAnswer, relabelBody, trainingPage, trainingQuery } from './training-schemas.ts';

/** The training data: searched, and relabeled as decisions. */
export function trainingRoutes(
  app: ApiApp,
  {
    desk,
    training,
    secondOpinions,
  }: {
    readonly desk: Pick<ReviewDesk, 'relabel'>;
    readonly training: TrainingStore;
    readonly secondOpinions: Pick<SecondOpinions, 'heldBy'>;
  },
): void {
  app.get(
    '/api/v1/training',
    {
      schema: {
        operationId: 'listTraining',
        summary: 'List and search labeled messages, newest first.',
        tags: ['training'],
        querystring: trainingQuery,
        response: { 200: trainingPage, ...problemAnswers },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      requireRole(actor, 'lead', 'reading training data');
      const { after, limit, ...fields } = request.query;
      const query = { filter: filterOf(fields), ...(after === undefined ? {} : { after }) };
      const page = await pageThatFits(limit, (most) => knownCursor(training.list({ ...query, limit: most })));
      // This person is asked what the label should be, without knowing it.
      const blind = await secondOpinions.heldBy(actor.name);
      return {
        ...page,
        items: page.items.filter(({ review_id }) => review_id === null || !blind.has(review_id)),
      };
    },
  );
  app.patch(
    '/api/v1/training',
    {
      schema: {
        operationId: 'relabelTraining',
        summary: 'Give labeled messages another label.',
        description:
          'A decision, which `POST /api/v1/decisions/{id}/undo` takes back: all rows, or none if one does not exist. A row that was decided in the review queue is overruled there, and a verdict that amends the first one is published. The same request with the same `Idempotency-Key` is answered with the first decision.',
        tags: ['training'],
        body: relabelBody,
        response: { 200: relabelAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { ids } = request.body;
      const made = await desk.relabel(actorOf(request), request.body, keyOf(request));
      refuseMissing(made, ids);
      return { decision: made.decision, unchanged: made.unchanged };
    },
  );
}

/** Throws the problem `not-found` with each of the rows. */
function refuseMissing({ missing }: Relabeling, ids: readonly number[]): void {
  if (missing.length === 0) return;
  const gone = new Set(missing);
  throw new ProblemError('not-found', {
    detail: `Nothing was changed: ${missing.length} of ${ids.length} rows do not exist any more. They were erased, or the decision that they come from was taken back.`,
    errors: ids.flatMap((id, index) =>
      gone.has(id) ? [{ pointer: `#/ids/${index}`, detail: `Training row ${id} does not exist.` }] : [],
    ),
  });
}
