import * as z from 'zod';
import { SluiceError } from '../core/errors.ts';
import type { ModelManifest } from '../core/model-manifest.ts';
import type { ScoredBatch, ScoredMessage } from '../core/scored-batch.ts';
import { verdictOf } from '../decide/verdict-of.ts';
import type { ScoreOptions } from '../ports/scorer.ts';
import type { ApiApp } from './api-app.ts';
import {
  type ApiVerdict,
  problemAnswers,
  type ScoreManyAnswer,
  scoreAnswer,
  scoreBodies,
  scoreQuery,
} from './api-schemas.ts';
import { checkBodyAs } from './field-check.ts';
import type { InstalledModel } from './installed-model.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import type { ScoreDesk } from './score-desk.ts';

export interface ScoreRouteOptions {
  readonly desk: ScoreDesk;
  readonly model: () => InstalledModel | undefined;
  readonly mostMessages: number;
}

/** `POST /api/v1/score`: one message or many, each with its verdict. */
export function scoreRoute(app: ApiApp, { desk, model, mostMessages }: ScoreRouteOptions): void {
  const { one, many } = scoreBodies(mostMessages);
  app.post(
    '/api/v1/score',
    {
      schema: {
        operationId: 'score',
        summary: 'Judge one message, or many.',
        tags: ['verdicts'],
        querystring: scoreQuery,
        body: z.union([many, one]),
        response: { 200: scoreAnswer, ...problemAnswers },
      },
      validatorCompiler: checkBodyAs((body) => (messagesOf(body) === undefined ? one : many)),
    },
    async (request) => {
      const { explain, full } = request.query;
      const options: ScoreOptions = {
        every: true,
        explain: explain === 'true',
        ...(full === 'true' ? { exactScores: 'all' as const } : {}),
      };
      const messages = messagesOf(request.body);
      // The model may be swapped while the batch is scored; its members are named by the manifest of its own.
      const before = model();
      const batch = await desk.score(messages ?? [request.body], options);
      const manifest = [before, model()].find((each) => each?.version === batch.model)?.manifest;
      const scoredAt = new Date().toISOString();
      const verdict = (scored: ScoredMessage) => apiVerdict(scored, batch.model, scoredAt, manifest);
      if (messages !== undefined) return { verdicts: inOrder(batch, messages.length, verdict) };
      refuseUnreadable(batch);
      return verdict(said(batch.scored[0], 0));
    },
  );
}

type Answer = ScoreManyAnswer['verdicts'][number];

/** One answer for each place of the batch. */
function inOrder(
  batch: ScoredBatch,
  length: number,
  verdict: (scored: ScoredMessage) => ApiVerdict,
): Answer[] {
  const answers = new Array<Answer | undefined>(length).fill(undefined);
  for (const scored of batch.scored) answers[scored.index] = verdict(scored);
  for (const { index, reason, detail } of batch.unreadable)
    answers[index] = { error: { code: reason, message: detail } };
  return answers.map(said);
}

function said<T>(answer: T | undefined, index: number): T {
  if (answer === undefined) throw new SluiceError('INTERNAL', `the scorer said nothing of message ${index}`);
  return answer;
}

function apiVerdict(
  scored: ScoredMessage,
  model: string,
  scoredAt: string,
  manifest: ModelManifest | undefined,
): ApiVerdict {
  const members = scored.members?.map((value, index) => ({
    name: manifest?.members[index]?.name ?? `member ${index}`,
    value,
  }));
  return {
    ...verdictOf(scored, model, scoredAt),
    ...(members === undefined ? {} : { members }),
    ...(scored.features === undefined ? {} : { features: [...scored.features] }),
  };
}

function messagesOf(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'messages')) return undefined;
  return (body as { readonly messages: readonly unknown[] }).messages;
}
