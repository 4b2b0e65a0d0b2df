import { SluiceError } from '../core/errors.ts';
import type { ReportDesk, ReportedMessage } from '../review/report-desk.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { clientOfAddress } from './client-address.ts';
import type { InstalledModel } from './installed-model.ts';
import { ProblemError } from './problem.ts';
import { reportAnswer, reportBody } from './report-schemas.ts';
import { signalOf } from './request-deadline.ts';
import type { ScoreQueue } from './score-queue.ts';

/** Until some of the reports are older than an hour. */
const RETRY_SECONDS = 600;

export interface ReportRouteOptions {
  readonly desk: ReportDesk;
  readonly queue: ScoreQueue;
  readonly model: () => InstalledModel | undefined;
}

/** `POST /api/v1/reports`: a user of a community says that a message is spam. */
export function reportRoute(app: ApiApp, { desk, queue, model }: ReportRouteOptions): void {
  app.post(
    '/api/v1/reports',
    {
      schema: {
        operationId: 'report',
        summary: 'Report a message.',
        description:
          'It becomes a row of the review queue with the origin `report`. The same person counts once for each message; what a person decided stays so until several others have reported it.',
        tags: ['review'],
        body: reportBody,
        response: { 202: reportAnswer, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { community, message, sender } = request.body;
      const [message_id, reporter] = [String(request.body.message_id), String(request.body.reporter)];
      const scored = await scoreOf({ community, message_id, message });
      const from = sender === undefined || sender === null ? null : String(sender);
      try {
        const { state, counted } = await desk.report({
          ...{ community, message_id, message, reporter, scored, sender: from },
        });
        return await reply.code(202).send({ state, counted });
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code !== 'REPORTS_LIMITED') throw error;
        throw new ProblemError('too-many-requests', {
          detail: `${error.message}.`,
          retryAfter: RETRY_SECONDS,
        });
      }

      /** A report counts without a score, too. */
      async function scoreOf(record: object): Promise<ReportedMessage['scored']> {
        const unscored = { probability: null, reasons: [], model: model()?.version ?? '' };
        try {
          const client = clientOfAddress(request.ip);
          const options = { every: true, exactScores: 'all' } as const;
          const { scored } = await queue.score(client, [record], options, signalOf(request));
          const [found] = scored;
          if (found === undefined) return unscored;
          return { probability: found.probability, reasons: found.reasons, model: found.model };
        } catch {
          return unscored;
        }
      }
    },
  );
}
