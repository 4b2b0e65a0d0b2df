import { subjectOf } from '../core/erasure.ts';
import type { ErasureJob, Erasures } from '../ports/erasures.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import {
  type ErasureAnswer,
  erasureAnswer,
  erasurePath,
  erasuresAnswer,
  subjectPath,
  subjectQuery,
} from './erasure-schemas.ts';
import { ProblemError } from './problem.ts';

const tags = ['erasure'];

/** Erase a person's text, and ask how far that is: it takes longer than a request may. For admins; needs `guardRoutes`. */
export function erasureRoutes(app: ApiApp, erasures: Erasures): void {
  app.delete(
    '/api/v1/subjects/:kind/:id',
    {
      schema: {
        ...{ operationId: 'eraseSubject', tags },
        summary: "Begin to erase a person's text from every store, or with `dry_run` to count it.",
        params: subjectPath,
        querystring: subjectQuery,
        response: { 202: erasureAnswer, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const { community, dry_run } = request.query;
      const subject = subjectOf(kind, id, community);
      const { name } = actorOf(request);
      const job = erasures.start(subject, { dryRun: dry_run === 'true', who: name });
      if (job === undefined)
        throw new ProblemError('erasure-running', {
          detail: 'Another erasure runs. GET /api/v1/erasures shows it; ask again when it has ended.',
        });
      return reply.code(202).header('location', `/api/v1/erasures/${job.id}`).send(answerOf(job));
    },
  );
  app.get(
    '/api/v1/erasures',
    {
      schema: {
        ...{ operationId: 'listErasures', tags },
        summary: 'List the erasures that were asked for in this process, newest first.',
        response: { 200: erasuresAnswer, ...problemAnswers },
      },
    },
    async () => ({ erasures: erasures.jobs().map(answerOf) }),
  );
  app.get(
    '/api/v1/erasures/:id',
    {
      schema: {
        ...{ operationId: 'showErasure', summary: 'Show how far an erasure is, and its proof.', tags },
        params: erasurePath,
        response: { 200: erasureAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const job = erasures.job(request.params.id);
      if (job === undefined)
        throw new ProblemError('not-found', {
          detail: 'This erasure is not known: Sluice was started again since, or it ended over a day ago.',
        });
      return answerOf(job);
    },
  );
}

function answerOf({ dryRun, startedAt, endedAt, report, ...job }: ErasureJob): ErasureAnswer {
  return {
    ...{ ...job, dry_run: dryRun, started_at: startedAt, ended_at: endedAt },
    report: report === null ? null : { ...report, stores: [...report.stores] },
  };
}
