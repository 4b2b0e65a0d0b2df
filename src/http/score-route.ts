import * as z from 'zod';
import { SluiceError } from '../core/errors.ts';
import type { ModelManifest } from '../core/model-manifest.ts';
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
import { takeReservation } from './arriving-bodies.ts';
import { clientOfAddress } from './client-address.ts';
import { checkBodyAs } from './field-check.ts';
import type { InstalledModel } from './installed-model.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { signalOf } from './request-deadline.ts';
import type { QueuedScores, ScoreQueue } from './score-queue.ts';

export interface ScoreRouteOptions {
  readonly queue: ScoreQueue;
  readonly model: () => InstalledModel | undefined;
  readonly mostMessages: number;
}

/** `POST /api/v1/score`: one message or many, each with its verdict. */
export function scoreRoute(app: ApiApp, { queue, model, mostMessages }: ScoreRouteOptions): void {
  const { one, many } = scoreBodies(mostMessages);
  app.post(
    '/api/v1/score',
    {
      schema: {
        operationId: 'score',
        summary: 'Score one message, or many.',
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
      // The model may be changed while the messages are scored; base models are named by the manifest of each one's own.
      const before = model();
      const client = clientOfAddress(request.ip);
      const scores = await queue.score(
        client,
        messages ?? [request.body],
        options,
        signalOf(request),
        takeReservation(request),
      );
      const models = [before, model()];
      const scoredAt = new Date().toISOString();
      const verdict = (scored: Scored) => {
        const manifest = models.find((each) => each?.version === scored.model)?.manifest;
        return apiVerdict(scored, scoredAt, manifest);
      };
      if (messages !== undefined) return { verdicts: inOrder(scores, messages.length, verdict) };
      refuseUnreadable(scores);
      return verdict(required(scores.scored[0], 0));
    },
  );
}

type Scored = QueuedScores['scored'][number];
type Answer = ScoreManyAnswer['verdicts'][number];

/** One answer for each place of the batch. */
function inOrder(scores: QueuedScores, length: number, verdict: (scored: Scored) => ApiVerdict): Answer[] {
  const answers = new Array<Answer | undefined>(length).fill(undefined);
  for (const scored of scores.scored) answers[scored.index] = verdict(scored);
  for (const { index, reason, detail } of scores.unreadable)
    answers[index] = { error: { code: reason, message: detail } };
  return answers.map(required);
}

function required<T>(answer: T | undefined, index: number): T {
  if (answer === undefined)
    throw new SluiceError('INTERNAL', `the scorer returned nothing for message ${index}`);
  return answer;
}

function apiVerdict(scored: Scored, scoredAt: string, manifest: ModelManifest | undefined): ApiVerdict {
  const members = scored.members?.map((value, index) => ({
    name: manifest?.members[index]?.name ?? `member ${index}`,
    value,
  }));
  return {
    ...verdictOf(scored, scored.model, scoredAt),
    ...(members === undefined ? {} : { members }),
    ...(scored.features === undefined ? {} : { features: [...scored.features] }),
  };
}

function messagesOf(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'messages')) return undefined;
  return (body as { readonly messages: readonly unknown[] }).messages;
}
