import { LEASE_SECONDS } from '../ports/decision-store.ts';
import type { ReviewDesk } from '../review/review-desk.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { leaseAnswer, leaseBody, leasePath, renewedLease } from './console-schemas.ts';
import { doneAnswers } from './done-answers.ts';
import { filterOf, shownItem } from './review-route.ts';

/** Rows of the review queue are lent to one person at a time. */
export function leaseRoutes(app: ApiApp, desk: ReviewDesk): void {
  app.post(
    '/api/v1/review/leases',
    {
      schema: {
        operationId: 'leaseReview',
        summary: 'Lease the next messages to decide.',
        tags: ['review'],
        body: leaseBody,
        response: { 200: leaseAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { count, order, ...filter } = request.body;
      const lease = await desk.lease(actorOf(request), { count, order, filter: filterOf(filter) });
      return { ...lease, seconds: LEASE_SECONDS, items: lease.items.map(shownItem) };
    },
  );
  app.put(
    '/api/v1/review/leases/:lease',
    {
      schema: {
        operationId: 'renewLease',
        summary: 'Renew a lease.',
        tags: ['review'],
        params: leasePath,
        response: { 200: renewedLease, ...problemAnswers },
      },
    },
    async (request) => {
      const { lease: id } = request.params;
      return { id, until: await desk.renew(actorOf(request), id), seconds: LEASE_SECONDS };
    },
  );
  app.delete(
    '/api/v1/review/leases/:lease',
    {
      schema: {
        operationId: 'releaseLease',
        summary: 'Give the messages of a lease back.',
        tags: ['review'],
        params: leasePath,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      await desk.release(actorOf(request), request.params.lease);
      return reply.code(204).send();
    },
  );
}
