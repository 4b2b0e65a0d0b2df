import type { Thresholds } from '../core/decision-policy.ts';
import { bandOf } from '../decide/reject-option.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import type { LabeledScore } from '../ports/labeled-scores.ts';
import type { ThresholdKeeper } from '../ports/threshold-keeper.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import type { InstalledModel } from './installed-model.ts';
import { knownFailure } from './known-failure.ts';
import { ProblemError } from './problem.ts';
import {
  changedAnswer,
  changedQuery,
  savedAnswer,
  scoreSources,
  type ThresholdsAnswer,
  thresholdsAnswer,
  thresholdsBody,
} from './threshold-schemas.ts';
import { changedScores, sourceOf } from './threshold-view.ts';

interface ThresholdParts {
  /** Undefined where this process was not started from settings. */
  readonly keeper: ThresholdKeeper | undefined;
  readonly decisions: Pick<DecisionStore, 'scores' | 'item'>;
  readonly model: () => InstalledModel | undefined;
}

/** Decided rows that are read for one answer, the newest ones. */
const MOST_SCORES = 50_000;
/** Changed messages that are shown. */
const SHOWN = 50;

/** The thresholds with what they do to decided messages, and their change. */
export function thresholdRoutes(app: ApiApp, parts: ThresholdParts): void {
  const keeper = (): ThresholdKeeper => {
    if (parts.keeper !== undefined) return parts.keeper;
    throw new ProblemError('not-found', { detail: 'This process was not started from settings.' });
  };
  viewRoutes(app, keeper, parts);
  saveRoute(app, keeper);
}

function viewRoutes(
  app: ApiApp,
  keeper: () => ThresholdKeeper,
  { decisions, model }: Omit<ThresholdParts, 'keeper'>,
): void {
  const scoresOf = async (version: string | undefined): Promise<readonly LabeledScore[]> =>
    version === undefined ? [] : decisions.scores.newest({ model: version, limit: MOST_SCORES });
  app.get(
    '/api/v1/thresholds',
    {
      schema: {
        operationId: 'showThresholds',
        summary: 'Show the thresholds, and the scores of decided messages that others can be tried on.',
        tags: ['overview'],
        response: { 200: thresholdsAnswer, ...problemAnswers },
      },
    },
    async () => {
      const { thresholds, location } = await known(keeper().current());
      const version = model()?.version;
      const scores = await scoresOf(version);
      return {
        ...{ current: answerOf(thresholds), location, model: version ?? null },
        sources: scoreSources.map((source) => sourceOf(source, scores, thresholds)),
        complete: scores.length < MOST_SCORES,
      };
    },
  );
  app.get(
    '/api/v1/thresholds/changed',
    {
      schema: {
        operationId: 'listChangedVerdicts',
        summary: 'List decided messages that other thresholds give another verdict.',
        tags: ['overview'],
        querystring: changedQuery,
        response: { 200: changedAnswer, ...problemAnswers },
      },
    },
    async ({ query }) => {
      const after = { rejectMin: query.reject_min, rejectMax: query.reject_max };
      const { thresholds: before } = await known(keeper().current());
      const changed = changedScores(query.source, await scoresOf(model()?.version), before, after);
      const items = [];
      for (const { id, label, probability } of changed.slice(0, SHOWN)) {
        const row = await decisions.item(id);
        // It may have been erased, or decided again, since the scores were read.
        if (row?.state !== 'labelled') continue;
        const { community, message } = row;
        const bands = { before: bandOf(probability, before), after: bandOf(probability, after) };
        items.push({ review_id: id, community, message, label, probability, ...bands });
      }
      return { total: changed.length, items };
    },
  );
}

function saveRoute(app: ApiApp, keeper: () => ThresholdKeeper): void {
  app.put(
    '/api/v1/thresholds',
    {
      schema: {
        operationId: 'saveThresholds',
        summary: 'Save the thresholds of all communities without their own, to where the settings are.',
        description: 'Daemons follow within seconds. Who did it, and why, is in the activity log.',
        tags: ['overview'],
        body: thresholdsBody,
        response: { 200: savedAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { reject_min: rejectMin, reject_max: rejectMax, why, seen } = request.body;
      const outcome = await known(
        keeper().save(actorOf(request), {
          ...{ thresholds: { rejectMin, rejectMax }, why },
          seen: { rejectMin: seen.reject_min, rejectMax: seen.reject_max },
        }),
      );
      if (outcome.kind === 'refused') throw new ProblemError('thresholds-refused', { detail: outcome.why });
      if (outcome.kind === 'overtaken')
        throw new ProblemError('thresholds-changed', {
          detail: `Nothing was changed. They are ${outcome.now.rejectMin} and ${outcome.now.rejectMax} now.`,
        });
      const { location, changed, recorded } = outcome;
      return { location, changed, recorded };
    },
  );
}

function answerOf({ rejectMin, rejectMax }: Thresholds): ThresholdsAnswer {
  return { reject_min: rejectMin, reject_max: rejectMax };
}

const known = <T>(work: Promise<T>): Promise<T> =>
  knownFailure(
    work,
    ['SETTINGS_AWAY', 'SETTINGS_UNREADABLE'],
    'The settings cannot be read or changed at present.',
  );
