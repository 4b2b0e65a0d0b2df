import { shownBytes } from '../core/shown-bytes.ts';
import type { LetterDesk, LetterFilter, ListedLetter } from '../ports/letter-desk.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { knownFailure } from './known-failure.ts';
import { lettersPage, lettersQuery, replayAnswer, replayBody } from './letter-schemas.ts';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';
import { knownCursor } from './review-route.ts';

/** Dead letters: listed, and sent to the source again. */
export function letterRoutes(app: ApiApp, desk: LetterDesk): void {
  app.get(
    '/api/v1/dead-letters',
    {
      schema: {
        operationId: 'listDeadLetters',
        summary: 'List dead letters, newest first.',
        description:
          'One request reads a bounded part of them: 8 MiB of a file from its end, or a window of time of a topic. Follow `next` for older ones.',
        tags: ['dead letters'],
        querystring: lettersQuery,
        response: { 200: lettersPage, ...problemAnswers },
      },
    },
    async (request) => {
      const { after, limit, ...filter } = request.query;
      const listed = desk.list(actorOf(request), { after, limit, filter: filterOf(filter) });
      const page = await knownFailure(
        knownCursor(listed),
        ofLetters,
        'The dead letters cannot be read at present.',
      );
      const { entries, next, since, isComplete } = page;
      return { items: entries.map(answerOf), next, since, complete: isComplete };
    },
  );
  app.post(
    '/api/v1/dead-letters/replay',
    {
      schema: {
        operationId: 'replayDeadLetters',
        summary: 'Send dead letters to the source again.',
        description:
          'With the bytes that came, each once over all replays. The same request with the same `Idempotency-Key` is answered with the first answer.',
        tags: ['dead letters'],
        body: replayBody,
        response: { 200: replayAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { ids, filter } = request.body;
      if ((ids === undefined) === (filter === undefined))
        throw new ProblemError('bad-request', { detail: 'Give either `ids` or `filter`.' });
      const wanted = ids === undefined ? { filter: filterOf(filter ?? {}) } : { ids };
      const { 'idempotency-key': key } = request.headers;
      if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > MOST_KEY_LENGTH))
        throw new ProblemError('bad-request', {
          detail: `An idempotency key has 1 to ${MOST_KEY_LENGTH} characters.`,
        });
      const replaying = desk.replay(actorOf(request), wanted, key ?? null);
      const replay = await knownFailure(
        replaying,
        ofLetters,
        'The dead letters cannot be sent at present. Those that were sent are not sent again.',
      );
      if (replay === undefined)
        throw new ProblemError('replay-running', {
          detail: 'Another replay of dead letters is running. Try again when it has ended.',
          retryAfter: retryAfterSeconds,
        });
      return { letters: [...replay.letters], more: replay.more };
    },
  );
}

const MOST_KEY_LENGTH = 100;
const ofLetters = ['DATA_UNREADABLE', 'DATA_INVALID', 'SOURCE_FAILED', 'SINK_FAILED'] as const;

function filterOf(
  filter: {
    readonly [name in keyof LetterFilter]: LetterFilter[name] | undefined;
  },
): LetterFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function answerOf(entry: ListedLetter) {
  if (entry.kind !== 'letter') return { kind: entry.kind, id: entry.id, bytes: entry.length };
  const { id, reason, detail, position, storedAt, size, bytes, isReplayed, unsendable } = entry;
  return {
    ...{ kind: 'letter' as const, id, reason, detail },
    position: { ...position },
    // A time that cannot be read is none.
    stored_at: storedAt > 0 ? storedAt : null,
    bytes: size,
    shown_bytes: bytes.byteLength,
    content: [...shownBytes(bytes, size > bytes.byteLength)],
    ...{ replayed: isReplayed, unsendable },
  };
}
