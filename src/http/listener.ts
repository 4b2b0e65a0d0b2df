import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type InjectOptions,
  type LightMyRequestResponse,
} from 'fastify';
import type { Log } from '../ports/log.ts';
import { routeOf } from './field-check.ts';
import { type Certificate, type ListenAddress, listenFailure } from './listen-address.ts';
import { pageHeaders } from './not-found-page.ts';
import { ProblemError, problemKinds, problemMediaType, problemOf } from './problem.ts';
import { problemOfError } from './problem-of-error.ts';
import { answerBrokenRequest, rawServer } from './raw-server.ts';
import { limitHandlers } from './request-deadline.ts';
import { milliseconds, type RequestLimits } from './request-limits.ts';
import { UnreadBodies } from './unread-bodies.ts';

export interface ListenerOptions extends ListenAddress {
  /** For error messages: "the API". */
  readonly name: string;
  readonly limits: RequestLimits;
  readonly log: Log;
  readonly tls?: Certificate | undefined;
  /** Whether one hop of `X-Forwarded-For` is believed of the peer with this address. */
  readonly trustsProxy?: ((address: string) => boolean) | undefined;
}

/** A request without a socket, for tests. */
export type Inject = (request: InjectOptions | string) => Promise<LightMyRequestResponse>;

/**
 * One HTTP listener: limits, ids of requests, errors as problems, and an end that comes in time. Routes are added to
 * `app` before `listen`.
 */
export class Listener {
  readonly app: FastifyInstance;
  readonly #options: ListenerOptions;
  readonly #servers: Server[] = [];
  #closing = false;
  readonly #methods = new Map<string, Set<string>>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { limits } = options;
    const unread = new UnreadBodies(limits);
    this.app = fastify<Server, IncomingMessage, ServerResponse>({
      serverFactory: (handler) => this.#newServer(handler),
      logger: false,
      // Names and ids of messages are percent-encoded: up to nine characters for each of theirs.
      routerOptions: { maxParamLength: 9000 },
      bodyLimit: limits.bodyBytes,
      genReqId: () => randomUUID(),
      trustProxy: (address, hop) => hop < 1 && (options.trustsProxy?.(address) ?? false),
      // The answer of a closing Fastify is not a problem document; what still arrives is answered, and then hung up.
      return503OnClosing: false,
      clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, unread),
      frameworkErrors: (error, request, reply) => this.#answerError(error, request, reply),
    });
    this.app.removeAllContentTypeParsers();
    this.app.setErrorHandler((error, request, reply) => this.#answerError(error, request, reply));
    this.app.addHook('onRoute', ({ url, method }) => {
      const methods = this.#methods.get(url) ?? new Set();
      for (const each of [method].flat()) methods.add(each);
      this.#methods.set(url, methods);
    });
    limitHandlers(this.app, milliseconds(limits.handlerSeconds), (error, request, reply) =>
      this.#answerError(error, request, reply),
    );
    this.app.addHook('preClose', async () => {
      this.#closing = true;
    });
    this.app.addHook('onSend', async ({ raw }, reply) => {
      // Else the connection of a request that was under way would stay, idle, and hold the close up.
      const isClosing = this.#closing || reply.getHeader('connection') === 'close';
      if (unread.closeAfterAnswer(raw, isClosing) || isClosing) reply.header('connection', 'close');
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      reply.header('x-content-type-options', 'nosniff');
    });
    // Only now, so that a client that waits for it does not send a body that is refused by the header fields.
    this.app.addHook('preParsing', async ({ headers, routeOptions }, { raw }) => {
      const isTooLarge =
        Number(headers['content-length'] ?? 0) > (routeOptions.bodyLimit ?? limits.bodyBytes);
      if (headers.expect !== undefined && !isTooLarge) raw.writeContinue();
    });
    this.app.addHook('onResponse', async (request, reply) => {
      const fields = { request: request.id, method: request.method, route: routeOf(request) };
      options.log.debug(
        { ...fields, status: reply.statusCode, seconds: reply.elapsedTime / 1000 },
        'answered',
      );
    });
  }

  /**
   * Refuses addresses without a route before the body is read, so that a wrong address is reported as such whatever was
   * sent there. To be called after the hooks that these requests must pass too. `pageFor`: a page in place of the problem document.
   */
  refuseUnknownAddresses(pageFor: (request: FastifyRequest) => string | undefined = () => undefined): void {
    this.app.addHook('onRequest', async (request, reply) => {
      if (!request.is404) return;
      const page = this.#methods.has(pathOf(request)) ? undefined : pageFor(request);
      if (page === undefined) this.#refuseAddress(request, reply);
      else await reply.code(404).headers(pageHeaders).type('text/html; charset=utf-8').send(page);
    });
  }

  /** Resolves to the address, `http://127.0.0.1:8080`. Throws `ADDRESS_REFUSED`. */
  async listen(): Promise<string> {
    const { name, host, port, tls } = this.#options;
    try {
      const address = await this.app.listen({ host, port });
      // Fastify does not know that the server it was given speaks TLS.
      return tls === undefined ? address : address.replace(/^http:/, 'https:');
    } catch (error) {
      throw listenFailure(name, { host, port }, error);
    }
  }

  /**
   * Takes nothing new and waits for what is under way, for `closeSeconds` at most. The limit matters: once a server
   * closes, Node no longer looks for requests over their time, and one that drips in could hold it open for ever.
   */
  async close(): Promise<void> {
    const cut = setTimeout(() => {
      for (const server of this.#servers) server.closeAllConnections();
    }, milliseconds(this.#options.limits.closeSeconds));
    try {
      await this.app.close();
    } finally {
      clearTimeout(cut);
    }
  }

  #newServer(handler: Parameters<typeof rawServer>[0]): Server {
    const server = rawServer(handler, this.#options.limits, this.#options.tls);
    this.#servers.push(server);
    return server;
  }

  #refuseAddress(request: FastifyRequest, reply: FastifyReply): never {
    const methods = this.#methods.get(pathOf(request));
    if (methods === undefined) throw new ProblemError('not-found');
    const allowed = [...methods].join(', ');
    reply.header('allow', allowed);
    throw new ProblemError('method-not-allowed', { detail: `Use one of: ${allowed}.` });
  }

  #answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { kind, facts } = problemOfError(error);
    const { status } = problemKinds[kind];
    const fields = { request: request.id, method: request.method, route: routeOf(request), error };
    if (kind === 'internal') this.#options.log.error(fields, 'a request failed');
    else if (kind === 'unavailable') this.#options.log.debug(fields, 'a request was put off');
    if (facts.retryAfter !== undefined) reply.header('retry-after', String(facts.retryAfter));
    // A string, not an object: no schema of the route may take part in telling an error.
    void reply
      .code(status)
      .type(problemMediaType)
      .send(JSON.stringify(problemOf(kind, facts, request.id)));
  }
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0]!;
}
