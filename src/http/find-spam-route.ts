import type { ApiApp } from './api-app.ts';
import { findSpamAnswer, findSpamBody, problemAnswers } from './api-schemas.ts';
import { acceptForms } from './body-parsers.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import type { ScoreDesk } from './score-desk.ts';

/**
 * `POST /api/find_spam`, for clients of the service that Sluice stands in for: JSON or a form, and status 200 even
 * without a text.
 */
export function findSpamRoute(app: ApiApp, desk: ScoreDesk): void {
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
      const batch = await desk.score([{ message: text, message_id: request.id }], {});
      refuseUnreadable(batch);
      // Without `every`, only what is not ham is reported.
      return { success: true as const, is_spam: batch.scored[0]?.verdict === 'spam' };
    },
  );
}
