import type { GuardedVersion, GuardStore } from '../ports/guard-store.ts';
import type { ShadowStore } from '../ports/shadow-store.ts';
import { confirmModel, MOST_GUARDED } from '../review/confirm-model.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { versionPath } from './model-schemas.ts';
import { ProblemError } from './problem.ts';
import {
  confirmBody,
  type GuardedVersionAnswer,
  guardAnswer,
  guardedVersionSchema,
  shadowAnswer,
  shadowQuery,
} from './shadow-schemas.ts';

/** What the guard found of models that became active, and the release of one that it holds back. */
export function modelGuardRoutes(app: ApiApp, guard: GuardStore): void {
  app.get(
    '/api/v1/models/guard',
    {
      schema: {
        operationId: 'listGuardedModels',
        summary: 'What the guard found of models that became active.',
        tags: ['models'],
        response: { 200: guardAnswer, ...problemAnswers },
      },
    },
    async () => ({ versions: (await guard.list(MOST_GUARDED)).map(answerOf) }),
  );
  app.post(
    '/api/v1/models/:version/confirm',
    {
      schema: {
        operationId: 'confirmModel',
        summary: 'Release a model whose spam the guard holds back.',
        description: 'Daemons publish its spam again within seconds.',
        tags: ['models'],
        params: versionPath,
        body: confirmBody,
        response: { 200: guardedVersionSchema, ...problemAnswers },
      },
    },
    async (request) => {
      const { version } = request.params;
      const confirmed = await confirmModel(guard, actorOf(request), version, request.body.reason);
      if (confirmed === undefined)
        throw new ProblemError('not-found', { detail: `The guard holds nothing of ${version} back.` });
      return answerOf(confirmed);
    },
  );
}

/** `GET /api/v1/shadow`: what a model found that scores without effect. */
export function shadowRoute(app: ApiApp, shadow: Pick<ShadowStore, 'counts' | 'disagreements'>): void {
  app.get(
    '/api/v1/shadow',
    {
      schema: {
        operationId: 'showShadow',
        summary: 'What the shadow found: counts, and the newest messages with different verdicts.',
        tags: ['models'],
        querystring: shadowQuery,
        response: { 200: shadowAnswer, ...problemAnswers },
      },
    },
    async ({ query: { limit, before } }) => {
      const counts = await shadow.counts();
      const disagreements = await shadow.disagreements({
        limit,
        ...(before === undefined ? {} : { before }),
      });
      return {
        counts: counts.map(({ activeVerdict, shadowVerdict, ...count }) => ({
          ...count,
          ...{ active_verdict: activeVerdict, shadow_verdict: shadowVerdict },
        })),
        disagreements: disagreements.map(({ active, shadow: byShadow, ...each }) => ({
          ...each,
          active: { ...active, reasons: [...active.reasons] },
          shadow: { ...byShadow, reasons: [...byShadow.reasons] },
        })),
      };
    },
  );
}

function answerOf(row: GuardedVersion): GuardedVersionAnswer {
  const { version, state, before, messages, decided } = row;
  return {
    ...{ version, state, before, messages, decided },
    ...{ spam_more: row.spamMore, spam_fewer: row.spamFewer },
    ...{ review_more: row.reviewMore, review_fewer: row.reviewFewer },
    ...{ began_at: row.beganAt, changed_at: row.changedAt },
  };
}
