import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { EventStream, eventText } from './event-stream.ts';
import type { OverviewFeed } from './overview-feed.ts';
import { overviewEvent } from './overview-schemas.ts';
import { ProblemError } from './problem.ts';

export interface EventsRouteOptions {
  readonly feed: Pick<OverviewFeed, 'listen'>;
  /** Whether the request would still be let in. Throws what the store of accounts throws. */
  readonly isStillAllowed: (request: FastifyRequest) => Promise<boolean>;
  readonly limits: EventLimits;
}

export interface EventLimits {
  /** Streams at once, a fraction of the connections of the listener; and of one person. */
  readonly streams: number;
  readonly streamsPerPerson: number;
  /** Between two looks at the session of an open stream. */
  readonly checkSeconds: number;
  /** How long a stream goes on while its session cannot be looked up: people watch when something is broken. */
  readonly uncheckedSeconds: number;
  readonly keepAliveSeconds: number;
  /** Between two events. */
  readonly everySeconds: number;
}

export const defaultEventLimits: EventLimits = {
  streams: 200,
  streamsPerPerson: 10,
  checkSeconds: 5,
  uncheckedSeconds: 600,
  keepAliveSeconds: 15,
  everySeconds: 1,
};

interface OpenStream {
  readonly name: string;
  end(): void;
}

/**
 * `GET /api/v1/events`: how this process is, once a second, as server-sent events. A stream ends with the session or token that
 * opened it, and at once when the server closes.
 */
export function eventsRoute(app: ApiApp, { feed, isStillAllowed, limits }: EventsRouteOptions): void {
  const open = new Set<OpenStream>();
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const stream of [...open]) stream.end();
  });
  app.get(
    '/api/v1/events',
    {
      // It would have no end either.
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchOverview',
        summary: 'Watch how this process is: one event a second.',
        description:
          'Server-sent events named `overview`. A client that reads slowly gets fewer of them. The stream ends with the session or token that opened it.',
        tags: ['overview'],
        response: {
          200: {
            description: 'A stream of events; the data of each is JSON.',
            content: { 'text/event-stream': { schema: overviewEvent } },
          },
          ...problemAnswers,
        },
      },
    },
    async (request, reply) => {
      const { name } = actorOf(request);
      if (isClosing)
        throw new ProblemError('unavailable', { detail: 'The server is stopping.', retryAfter: 5 });
      refuseTooMany(open, name, limits);
      const stream = new EventStream();
      const end = () => endStream(stream, reply);
      const endWatch = watchSession(() => isStillAllowed(request), end, limits);
      const endFeed = feed.listen((overview) => stream.send(eventText('overview', overview.of(name))));
      const alive = setInterval(() => stream.keepAlive(), limits.keepAliveSeconds * 1000).unref();
      const entry = { name, end };
      open.add(entry);
      const forget = () => {
        open.delete(entry);
        endFeed();
        endWatch();
        clearInterval(alive);
      };
      stream.once('close', forget);
      // Also where the client was gone before the stream was piped to it.
      reply.raw.once('close', () => stream.destroy());
      return (
        reply
          .type('text/event-stream')
          .header('cache-control', 'no-store')
          .header('connection', 'close')
          // Proxies such as nginx would hold events back until a buffer is full.
          .header('x-accel-buffering', 'no')
          .send(stream as never)
      );
    },
  );
}

function refuseTooMany(open: ReadonlySet<OpenStream>, name: string, limits: EventLimits): void {
  const own = [...open].filter((stream) => stream.name === name).length;
  if (own >= limits.streamsPerPerson)
    throw new ProblemError('too-many-requests', {
      detail: `At most ${limits.streamsPerPerson} streams for each person: close another page.`,
      retryAfter: 30,
    });
  if (open.size >= limits.streams)
    throw new ProblemError('unavailable', {
      detail: `At most ${limits.streams} streams at once.`,
      retryAfter: 30,
    });
}

/** Ends the stream once its session or token is no longer good, or its role no longer high enough. */
function watchSession(
  isAllowed: () => Promise<boolean>,
  end: () => void,
  { checkSeconds, uncheckedSeconds }: EventLimits,
): () => void {
  let checkedAt = performance.now();
  let checking = false;
  const check = async () => {
    if (checking) return;
    checking = true;
    try {
      if (await isAllowed()) checkedAt = performance.now();
      else end();
    } catch {
      if (performance.now() - checkedAt > uncheckedSeconds * 1000) end();
    } finally {
      checking = false;
    }
  };
  const timer = setInterval(() => void check(), checkSeconds * 1000).unref();
  return () => clearInterval(timer);
}

/** A client that has not read what was sent by then is cut off. */
const READ_WITHIN_MS = 250;

/** At once, with a whole answer for a client that reads. */
function endStream(stream: EventStream, { raw }: FastifyReply): void {
  if (raw.writableNeedDrain || !raw.headersSent) {
    stream.destroy();
    raw.destroy();
    return;
  }
  stream.finish();
  const cut = setTimeout(() => raw.destroy(), READ_WITHIN_MS).unref();
  raw.once('close', () => clearTimeout(cut));
}
