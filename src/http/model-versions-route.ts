import type { ModelDesk, ModelOutcome, ModelRequest, ModelVersion } from '../ports/model-desk.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { knownFailure } from './known-failure.ts';
import {
  type ModelChangeAnswer,
  type ModelVersionAnswer,
  modelChangeAnswer,
  modelChangeBody,
  modelVersionsAnswer,
  versionPath,
} from './model-schemas.ts';
import { ProblemError } from './problem.ts';

/** All versions of the model, and which one is active. */
export function modelVersionsRoute(app: ApiApp, desk: ModelDesk): void {
  app.get(
    '/api/v1/models/versions',
    {
      schema: {
        operationId: 'listModelVersions',
        summary: 'List the versions of the model, newest first.',
        tags: ['models'],
        response: { 200: modelVersionsAnswer, ...problemAnswers },
      },
    },
    async () => {
      const { versions, activated, previous, pinned, scoresWith, isDaemon, isRecordRead } = await known(
        desk.list(),
      );
      return {
        ...{ versions: versions.map(answerOf), activated, previous, pinned },
        ...{ scores_with: scoresWith, is_daemon: isDaemon, is_record_read: isRecordRead },
      };
    },
  );
  app.post(
    '/api/v1/models/:version/activate',
    {
      schema: {
        operationId: 'activateModel',
        summary: 'Make a version the active model.',
        description:
          'It is checked first, as `sluice run` checks it; one that fails is answered with 422 and changes nothing. Daemons switch to it within seconds.',
        tags: ['models'],
        params: versionPath,
        body: modelChangeBody,
        response: { 200: modelChangeAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { version } = request.params;
      return changeOf(await known(desk.activate(actorOf(request), version, requestOf(request.body))));
    },
  );
  app.post(
    '/api/v1/models/rollback',
    {
      schema: {
        operationId: 'rollbackModel',
        summary: 'Make the version active that was active before.',
        tags: ['models'],
        body: modelChangeBody,
        response: { 200: modelChangeAnswer, ...problemAnswers },
      },
    },
    async (request) => changeOf(await known(desk.rollback(actorOf(request), requestOf(request.body)))),
  );
}

const known = <T>(work: Promise<T>): Promise<T> =>
  knownFailure(
    work,
    ['MODEL_STORE_FAILED', 'MODEL_MISSING', 'SETTINGS_AWAY', 'SETTINGS_UNREADABLE'],
    'The models cannot be read or changed at present.',
  );

function requestOf({
  reason,
  activated,
}: {
  reason: string;
  activated?: string | null | undefined;
}): ModelRequest {
  return { reason, ...(activated === undefined ? {} : { activated }) };
}

function answerOf(model: ModelVersion): ModelVersionAnswer {
  const { version, status, decided, figures, facts } = model;
  return {
    ...{ version, status, is_stored: model.isStored, trained_at: model.trainedAt },
    ...{ activated_at: model.activatedAt, deactivated_at: model.deactivatedAt, decided },
    true_positive_rate: model.truePositiveRate,
    false_positive_rate: model.falsePositiveRate,
    figures: { ...figures },
    facts: facts && { ...facts, languages: [...facts.languages] },
  };
}

/** Throws the problem of an outcome that changed nothing. */
function changeOf(outcome: ModelOutcome): ModelChangeAnswer {
  if (outcome.kind === 'done') {
    const { version, before, changed, recorded } = outcome;
    return { version, before, changed, recorded };
  }
  const { kind, detail } = problemOf(outcome);
  throw new ProblemError(kind, { detail });
}

function problemOf(outcome: Exclude<ModelOutcome, { readonly kind: 'done' }>) {
  switch (outcome.kind) {
    case 'overtaken': {
      const by = outcome.decided === null ? '' : ` (${outcome.decided})`;
      const now =
        outcome.activated === null ? 'No model is activated now' : `${outcome.activated} is active now`;
      return { kind: 'model-changed', detail: `Nothing was changed. ${now}${by}.` } as const;
    }
    case 'pinned':
      return {
        kind: 'model-pinned',
        detail: `Nothing was changed: the settings name the model (model.version is ${outcome.version}), and daemons obey that. Change it there, or set it to "active".`,
      } as const;
    case 'refused':
      return {
        kind: 'model-refused',
        detail: `Nothing was changed: ${outcome.version} failed the admission check: ${outcome.why}.`,
      } as const;
    case 'missing':
      return {
        kind: 'not-found',
        detail: `Nothing was changed: ${outcome.version} is not in the model store.`,
      } as const;
    case 'no-previous':
      return {
        kind: 'no-previous-model',
        detail: 'Nothing was changed: no other model was active before.',
      } as const;
    case 'not-writable': {
      const command =
        outcome.version === null ? 'sluice model rollback' : `sluice model activate ${outcome.version}`;
      return {
        kind: 'model-not-writable',
        detail: `Nothing was changed: this server cannot write where it is recorded which model is active. Run "${command}" as the user who owns the models.`,
      } as const;
    }
  }
}
