import { SluiceError } from '../core/errors.ts';
import type { DecisionStore, Page, QueueItem } from '../ports/decision-store.ts';
import { asUndecided } from '../ports/queue-item.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { idPath, queueItemSchema, queuePage, queueQuery } from './console-schemas.ts';
import { FieldsError } from './field-check.ts';
import { ProblemError } from './problem.ts';

/** The review queue, to read. */
export function reviewRoutes(app: ApiApp, store: DecisionStore): void {
  app.get(
    '/api/v1/review',
    {
      schema: {
        operationId: 'listReview',
        summary: 'List and search messages of the review queue.',
        tags: ['review'],
        querystring: queueQuery,
        response: { 200: queuePage, ...problemAnswers },
      },
    },
    async (request) => {
      const { name } = actorOf(request);
      const { state, order, after, limit, ...filter } = request.query;
      const query = { state, order, filter: filterOf(filter), ...(after === undefined ? {} : { after }) };
      const page = await pageThatFits(limit, (most) => knownCursor(store.list({ ...query, limit: most })));
      // Decided rows that this person is asked about are not shown to be decided.
      const held = state === 'labelled' ? await store.secondOpinions.heldBy(name) : none;
      return {
        items: page.items.filter(({ id }) => !held.has(id)).map(shownItem),
        next: order === 'age' && !isSettled(page.items, store.settleSeconds) ? null : page.next,
      };
    },
  );
  app.get(
    '/api/v1/review/:id',
    {
      schema: {
        operationId: 'showReview',
        summary: 'Show one message of the review queue.',
        description: 'The header `ETag` has its version, for `If-Match` of a decision.',
        tags: ['review'],
        params: idPath,
        response: { 200: queueItemSchema, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { name } = actorOf(request);
      const item = await itemOf(store, request.params.id);
      void reply.header('etag', `"${item.version}"`);
      const isHeld = item.state === 'labelled' && (await store.secondOpinions.heldBy(name)).has(item.id);
      return shownItem(isHeld ? asUndecided(item) : item);
    },
  );
}

/** Throws the problems `not-found` and, for a row whose text is gone, `erased`. */
export async function itemOf(store: Pick<DecisionStore, 'item'>, id: number): Promise<QueueItem> {
  const item = await store.item(id);
  if (item === undefined) throw new ProblemError('not-found', { detail: `There is no review row ${id}.` });
  if (item.state === 'erased') throw new ProblemError('erased', { detail: `Review row ${id} was erased.` });
  return item;
}

export function shownItem({ reasons, position, answers, audit, ...item }: QueueItem) {
  const { topic, partition, offset } = position;
  return {
    ...item,
    reasons: [...reasons],
    position: { topic, partition, offset },
    ...(answers === undefined ? {} : { answers: [...answers] }),
    ...(audit === undefined ? {} : { audit: shownAudit(audit) }),
  };
}

function shownAudit({ inclusionProbability, verdict, language }: NonNullable<QueueItem['audit']>) {
  return { inclusion_probability: inclusionProbability, verdict, language };
}

const none: ReadonlySet<number> = new Set();

/** What was given of a filter. */
export function filterOf<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** A page of the longest messages would be 13 MB; a shorter page says where the next begins. */
const PAGE_CHARACTERS = 1_048_576;

/** `list` with a lower limit where the texts would be too long; its next page then begins there. */
export async function pageThatFits<P extends Page<{ readonly message: string }>>(
  limit: number,
  list: (most: number) => Promise<P>,
): Promise<P> {
  const page = await list(limit);
  const fitting = countThatFits(page.items);
  return fitting === page.items.length ? page : await list(fitting);
}

/** How many of the items fit on one page; the first in any case. */
function countThatFits(items: readonly { readonly message: string }[]): number {
  let characters = 0;
  for (const [index, { message }] of items.entries()) {
    characters += message.length;
    if (index > 0 && characters > PAGE_CHARACTERS) return index;
  }
  return items.length;
}

/**
 * False for a page with a row so young that rows with lower ids may still appear before it: who goes on behind that row would never
 * see them.
 */
function isSettled(items: readonly QueueItem[], settleSeconds: number): boolean {
  const settledBefore = Date.now() - settleSeconds * 1000;
  return settleSeconds === 0 || items.every((item) => item.created_at < settledBefore);
}

/** Names the parameter where the store does not know the cursor. */
export async function knownCursor<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'USAGE') throw error;
    throw new FieldsError([{ parameter: 'after', detail: 'Is not `next` of a page of this list.' }]);
  }
}
