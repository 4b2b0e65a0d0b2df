import type { FastifyRequest } from 'fastify';
import type { DecisionRequest } from '../core/decision.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import type { ReviewDesk } from '../review/review-desk.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { decisionAnswer, decisionBody, decisionsPage, decisionsQuery, idPath } from './console-schemas.ts';
import { ProblemError } from './problem.ts';
import { knownCursor } from './review-route.ts';

/** Decisions: made, taken back, and listed. */
export function decisionRoutes(app: ApiApp, desk: ReviewDesk, store: DecisionStore): void {
  changes(app, desk);
  lists(app, store);
}

function changes(app: ApiApp, desk: ReviewDesk): void {
  app.post(
    '/api/v1/decisions',
    {
      schema: {
        operationId: 'decide',
        summary: 'Decide messages of the review queue.',
        description:
          'All of them, or none. The same request with the same `Idempotency-Key` is answered with the first decision. For a single message `If-Match` may name the version that was shown.',
        tags: ['review'],
        body: decisionBody,
        response: { 200: decisionAnswer, ...problemAnswers },
      },
    },
    (request) => desk.decide(actorOf(request), withVersion(request.body, request), keyOf(request)),
  );
  app.post(
    '/api/v1/decisions/:id/undo',
    {
      schema: {
        operationId: 'undoDecision',
        summary: 'Take a decision back.',
        description: 'One of the last 50 of your own; a lead may take back any.',
        tags: ['review'],
        params: idPath,
        response: { 200: decisionAnswer, ...problemAnswers },
      },
    },
    (request) => desk.undo(actorOf(request), request.params.id, keyOf(request)),
  );
}

function lists(app: ApiApp, store: DecisionStore): void {
  app.get(
    '/api/v1/decisions',
    {
      schema: {
        operationId: 'listDecisions',
        summary: 'List decisions, newest first.',
        tags: ['review'],
        querystring: decisionsQuery,
        response: { 200: decisionsPage, ...problemAnswers },
      },
    },
    async (request) => {
      const { by, after, limit } = request.query;
      const { name } = actorOf(request);
      const who = by === 'me' ? name : by;
      const page = await knownCursor(
        store.decisions({
          limit,
          ...(who === undefined ? {} : { by: who }),
          ...(after === undefined ? {} : { after }),
        }),
      );
      return {
        items: page.items.map((decision) => ({ ...decision, items: [...decision.items] })),
        next: page.next,
      };
    },
  );
}

/** The idempotency key of a request; null for none. */
export function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}

/** The request with the version of `If-Match` in its only item. */
function withVersion(body: DecisionRequest, { headers }: FastifyRequest): DecisionRequest {
  const match = headers['if-match'];
  if (match === undefined || match.trim() === '*') return body;
  const [item, ...others] = body.items;
  if (item === undefined || others.length > 0 || !('review_id' in item))
    throw new ProblemError('bad-request', {
      detail: '`If-Match` is for a single message; give each of several its `version`.',
    });
  const version = /^"([^"]*)"$/.exec(match.trim())?.[1];
  if (version === undefined)
    throw new ProblemError('bad-request', { detail: '`If-Match` has one entity tag, as in `ETag`.' });
  if (item.version !== undefined && item.version !== version)
    throw new ProblemError('bad-request', { detail: '`If-Match` and `version` are not the same.' });
  return { ...body, items: [{ ...item, version }] };
}
