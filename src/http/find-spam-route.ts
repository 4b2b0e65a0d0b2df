import type { ApiApp } from './api-app.ts';
import { findSpamAnswer, findSpamBody, problemAnswers } from './api-schemas.ts';
import { takeReservation } from './arriving-bodies.ts';
import { acceptForms } from './body-parsers.ts';
import { clientOfAddress } from './client-address.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { signalOf } from './request-deadline.ts';
import type { ScoreQueue } from './score-queue.ts';

/**
 * `POST /api/find_spam`, for clients of the service that Sluice stands in for: JSON or a form, and status 200 even
 * without a text.
 */
export function findSpamRoute(app: ApiApp, queue: ScoreQueue): void {
  acceptForms(app);
  app.post(
    '/api/find_spam',
    {
      schema: {
        operationId: 'findSpam',
        summary: 'Is this text spam?',
        tags: ['verdicts'],
        consumes: ['application/json', 'application/x-www-form-urlencoded'],
        body: findSpamBody,
        response: { 200: findSpamAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const text = request.body?.text ?? undefined;
      if (text === undefined) return { success: false as const, error: "Missing 'text' parameter" };
      const message = { message: text, message_id: request.id };
      const batch = await queue.score(
        clientOfAddress(request.ip),
        [message],
        {},
        signalOf(request),
        takeReservation(request),
      );
      refuseUnreadable(batch);
      // Without `every`, only what is not ham is reported.
      return { success: true as const, is_spam: batch.scored[0]?.verdict === 'spam' };
    },
  );
}
