import { Readable } from 'node:stream';
import { requireRole } from '../core/require-role.ts';
import type { ActivityEntry, DecisionStore, Page } from '../ports/decision-store.ts';
import { activityPage, activityQuery } from './activity-schemas.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { filterOf, knownCursor } from './review-route.ts';

/** Entries of one read of the export; an entry names up to 50,000 rows. */
const AT_ONCE = 100;

/** `GET /api/v1/activity`: who did what, page by page, or all of it as a file. */
export function activityRoute(app: ApiApp, store: Pick<DecisionStore, 'activity'>): void {
  app.get(
    '/api/v1/activity',
    {
      schema: {
        operationId: 'listActivity',
        summary: 'Who did what, newest first.',
        tags: ['review'],
        querystring: activityQuery,
        response: { 200: activityPage, ...problemAnswers },
      },
    },
    async (request, reply) => {
      requireRole(actorOf(request), 'lead', 'reading the activity log');
      const { after, limit, format, ...fields } = request.query;
      const filter = filterOf(fields);
      const pageAfter = (cursor: string | undefined, most: number) =>
        store.activity({ filter, limit: most, ...(cursor === undefined ? {} : { after: cursor }) });
      const first = await knownCursor(pageAfter(after, format === 'json' ? limit : AT_ONCE));
      if (format === 'json') return { items: [...first.items], next: first.next };
      void reply
        .type('application/jsonl')
        .header('content-disposition', 'attachment; filename="activity.jsonl"');
      const lines = linesOf(first, (cursor) => pageAfter(cursor, AT_ONCE));
      // Fastify sends a stream as it is. One that fails ends the connection, so that the file is not taken for whole.
      return reply.send(Readable.from(lines, { objectMode: false }) as never);
    },
  );
}

/** Pages are read as fast as the client takes them, one at a time. */
async function* linesOf(
  first: Page<ActivityEntry>,
  pageAfter: (cursor: string) => Promise<Page<ActivityEntry>>,
): AsyncGenerator<string> {
  for (let page = first; ; page = await pageAfter(page.next)) {
    if (page.items.length > 0) yield page.items.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    if (page.next === null) return;
  }
}
