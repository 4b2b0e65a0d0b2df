import { fastifyRateLimit } from '@fastify/rate-limit';
import { fastifyUnderPressure } from '@fastify/under-pressure';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { isLoopback } from '../core/loopback.ts';
import type { Log } from '../ports/log.ts';
import type { ReviewStore } from '../ports/review-store.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { ApiApp } from './api-app.ts';
import { acceptJson } from './body-parsers.ts';
import { checkFields } from './field-check.ts';
import { findSpamRoute } from './find-spam-route.ts';
import type { InstalledModel } from './installed-model.ts';
import { type Certificate, type ListenAddress, type ProxyRole, refuseOpenAddress } from './listen-address.ts';
import { type Inject, Listener } from './listener.ts';
import { modelsRoute } from './models-route.ts';
import { describeApi } from './open-api.ts';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';
import { defaultLimits, type RequestLimits } from './request-limits.ts';
import { reviewRoute } from './review-route.ts';
import { ScoreDesk } from './score-desk.ts';
import { scoreRoute } from './score-route.ts';

export interface ApiLimits extends RequestLimits {
  /** Of one client address. */
  readonly requestsPerMinute: number;
  /** Of one request. */
  readonly messages: number;
  /** Messages of all requests that are with the scorer at once. */
  readonly messagesInProgress: number;
  /** With a mean delay of the event loop above this, requests are put off; 0 for never. */
  readonly eventLoopDelaySeconds: number;
}

export const defaultApiLimits: ApiLimits = {
  ...defaultLimits,
  requestsPerMinute: 6000,
  messages: 1000,
  messagesInProgress: 5000,
  eventLoopDelaySeconds: 1,
};

export interface ApiServerOptions extends ListenAddress {
  readonly scorer: Scorer;
  readonly reviews: ReviewStore;
  /** Undefined while there is none. */
  readonly model: () => InstalledModel | undefined;
  readonly log: Log;
  /** Of Sluice, for the description of the API. */
  readonly version: string;
  readonly proxy?: ProxyRole;
  readonly tls?: Certificate;
  readonly limits?: Partial<ApiLimits>;
}

export interface ApiServer {
  /** Resolves to the address. Throws `ADDRESS_REFUSED`. */
  listen(): Promise<string>;
  /** Finishes what is under way, within a limit. Idempotent. */
  close(): Promise<void>;
  /** The OpenAPI document. */
  openapi(): object;
  readonly inject: Inject;
}

/** The API. Throws `ADDRESS_REFUSED` for an address that others could reach without TLS or a stated proxy. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { host, port, tls, scorer, reviews, model, proxy = 'none' } = options;
  refuseOpenAddress({ host, port }, tls, proxy);
  const limits = { ...defaultApiLimits, ...options.limits };
  const behindProxy = proxy === 'terminates-tls';
  const listener = new Listener({ name: 'the API', host, port, tls, limits, behindProxy, log: options.log });
  const app: ApiApp = listener.app.withTypeProvider();
  app.setValidatorCompiler(checkFields);
  app.setSerializerCompiler(serializerCompiler);
  acceptJson(listener.app);
  if (tls === undefined && !behindProxy) refuseForeignHosts(app);
  await limitRequests(app, limits);
  await describeApi(app, options.version);
  const desk = new ScoreDesk(scorer, limits.messagesInProgress);
  // In a scope of its own, as no other route takes forms.
  await app.register((scope, _options, done) => {
    findSpamRoute(scope.withTypeProvider(), desk);
    done();
  });
  scoreRoute(app, { desk, model, mostMessages: limits.messages });
  reviewRoute(app, reviews);
  modelsRoute(app, model);
  await app.ready();
  return {
    listen: () => listener.listen(),
    close: () => listener.close(),
    openapi: () => app.swagger(),
    inject: (request) => app.inject(request),
  };
}

/**
 * On loopback without a proxy, a request must name this machine as its host: else a web page could make its own name
 * lead here and read the answers as if they were its own (DNS rebinding).
 */
function refuseForeignHosts(app: ApiApp): void {
  app.addHook('onRequest', async (request) => {
    const named = request.headers.host?.replace(/:\d{1,5}$/, '');
    if (named !== undefined && !isLoopback(named))
      throw new ProblemError('foreign-host', {
        detail: 'This API answers to localhost and loopback addresses only.',
      });
  });
}

async function limitRequests(app: ApiApp, limits: ApiLimits): Promise<void> {
  if (limits.eventLoopDelaySeconds > 0)
    await app.register(fastifyUnderPressure, {
      maxEventLoopDelay: limits.eventLoopDelaySeconds * 1000,
      retryAfter: retryAfterSeconds,
    });
  await app.register(fastifyRateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { max, ttl }) =>
      new ProblemError('too-many-requests', {
        detail: `At most ${max} requests a minute.`,
        retryAfter: Math.ceil(ttl / 1000),
      }),
  });
}
