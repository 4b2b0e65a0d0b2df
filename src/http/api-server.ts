import { isIP } from 'node:net';
import { fastifyRateLimit } from '@fastify/rate-limit';
import { fastifyUnderPressure } from '@fastify/under-pressure';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Accounts } from '../accounts/accounts.ts';
import { CampaignDesk } from '../campaigns/campaign-desk.ts';
import { NearestMessages } from '../campaigns/nearest-messages.ts';
import { isLoopback } from '../core/loopback.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import type { Log } from '../ports/log.ts';
import type { Scorer } from '../ports/scorer.ts';
import { defaultReportLimits, ReportDesk, type ReportLimits } from '../review/report-desk.ts';
import { ReviewDesk } from '../review/review-desk.ts';
import { accountRoutes } from './account-routes.ts';
import { agreementRoute } from './agreement-route.ts';
import type { ApiApp } from './api-app.ts';
import { ArrivingBodies } from './arriving-bodies.ts';
import { acceptJson } from './body-parsers.ts';
import { campaignRoutes } from './campaign-routes.ts';
import { addressList, clientOfAddress } from './client-address.ts';
import { consoleFiles } from './console-files.ts';
import { decisionRoutes } from './decision-routes.ts';
import type { Explainer } from './explainer.ts';
import { explanationRoute } from './explanation-route.ts';
import { checkFields } from './field-check.ts';
import { findSpamRoute } from './find-spam-route.ts';
import { refuseForeignRequests } from './foreign-requests.ts';
import { guardRoutes } from './guard-routes.ts';
import type { InstalledModel } from './installed-model.ts';
import { leaseRoutes } from './lease-routes.ts';
import { type Certificate, type ListenAddress, type ProxyRole, refuseOpenAddress } from './listen-address.ts';
import { type Inject, Listener } from './listener.ts';
import { modelsRoute } from './models-route.ts';
import { nearestRoute } from './nearest-route.ts';
import { describeApi } from './open-api.ts';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';
import { reportRoute } from './report-route.ts';
import { defaultLimits, type RequestLimits } from './request-limits.ts';
import { reviewRoutes } from './review-route.ts';
import { reviewStatsRoute } from './review-stats-route.ts';
import { defaultScoreQueueLimits, ScoreQueue, type ScoreQueueLimits } from './score-queue.ts';
import { scoreRoute } from './score-route.ts';
import { sessionRoutes } from './session-routes.ts';

export interface ApiLimits extends RequestLimits {
  /** Of one client address. */
  readonly requestsPerMinute: number;
  /** Of one request. */
  readonly messages: number;
  readonly queue: ScoreQueueLimits;
  /** Of all bodies of messages to score that are being read at once. */
  readonly arrivingBytes: number;
  /** With a mean delay of the event loop above this, requests are put off; 0 for never. */
  readonly eventLoopDelaySeconds: number;
}

export const defaultApiLimits: ApiLimits = {
  ...defaultLimits,
  requestsPerMinute: 6000,
  messages: 1000,
  queue: defaultScoreQueueLimits,
  arrivingBytes: 67_108_864,
  eventLoopDelaySeconds: 1,
};

/** A proxy on the same machine. */
const defaultTrustedProxies = ['127.0.0.0/8', '::1/128'];

export interface ApiServerOptions extends ListenAddress {
  readonly scorer: Scorer;
  readonly decisions: DecisionStore;
  readonly explainer: Explainer;
  /** Of decided messages, 0 to 1; none where it is left out. */
  readonly secondOpinionShare?: number;
  readonly reportLimits?: ReportLimits;
  /** Of the console's page, as it was built; no page where it is left out. */
  readonly consoleFolder?: string;
  /** Undefined while there is none. */
  readonly model: () => InstalledModel | undefined;
  /** Who may use which route; closed by the caller. */
  readonly accounts: Accounts;
  readonly log: Log;
  /** Of Sluice, for the description of the API. */
  readonly version: string;
  readonly proxy?: ProxyRole;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed; only with `proxy`. */
  readonly trustedProxies?: readonly string[];
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
  const { host, port, tls, scorer, model, proxy = 'none' } = options;
  refuseOpenAddress({ host, port }, tls, proxy);
  const limits = { ...defaultApiLimits, ...options.limits };
  const behindProxy = proxy === 'terminates-tls';
  const proxies = addressList(behindProxy ? (options.trustedProxies ?? defaultTrustedProxies) : []);
  const listener = new Listener({
    name: 'the API',
    host,
    port,
    tls,
    // All clients come by the proxy's address.
    limits: behindProxy ? { ...limits, connectionsPerClient: limits.connections } : limits,
    trustsProxy: (address) => proxies.has(address),
    log: options.log,
  });
  const app: ApiApp = listener.app.withTypeProvider();
  app.setValidatorCompiler(checkFields);
  app.setSerializerCompiler(serializerCompiler);
  const queue = new ScoreQueue(scorer, limits.queue);
  const arriving = new ArrivingBodies(queue, limits);
  acceptJson(listener.app, (request, bytes) => arriving.arrived(request, bytes));
  await limitRequests(app, limits);
  const isSecure = tls !== undefined || behindProxy;
  refuseForeignRequests(app, { loopbackOnly: !isSecure });
  await guardRoutes(app, {
    accounts: options.accounts,
    isLoopback: isLoopback(host) && !behindProxy,
    isSecure,
  });
  listener.refuseUnknownAddresses();
  await describeApi(app, options.version);
  app.addHook('preClose', async () => queue.close());
  await app.register((scope, _options, done) => {
    arriving.guard(scope);
    scoreRoute(scope.withTypeProvider(), { queue, model, mostMessages: limits.messages });
    // In a scope of its own, as no other route takes forms.
    void scope.register((forms, _none, added) => {
      findSpamRoute(forms.withTypeProvider(), queue);
      added();
    });
    done();
  });
  sessionRoutes(app, { accounts: options.accounts, isSecure });
  accountRoutes(app, options.accounts);
  consoleRoutes(app, options);
  const desk = new ReportDesk(options.decisions.reports, options.reportLimits ?? defaultReportLimits);
  reportRoute(app, { desk, queue, model });
  if (options.consoleFolder !== undefined) await consoleFiles(app, options.consoleFolder);
  modelsRoute(app, model);
  await app.ready();
  return {
    listen: () => listener.listen(),
    close: () => listener.close(),
    openapi: () => app.swagger(),
    inject: (request) => app.inject(request),
  };
}

/** What people do in the console. */
function consoleRoutes(
  app: ApiApp,
  {
    decisions,
    explainer,
    secondOpinionShare = 0,
  }: Pick<ApiServerOptions, 'decisions' | 'explainer' | 'secondOpinionShare'>,
): void {
  const desk = new ReviewDesk(decisions, { secondOpinionShare });
  agreementRoute(app, decisions);
  reviewRoutes(app, decisions);
  reviewStatsRoute(app, decisions);
  explanationRoute(app, decisions, explainer);
  nearestRoute(app, decisions, new NearestMessages(decisions.candidates));
  leaseRoutes(app, desk);
  decisionRoutes(app, desk, decisions);
  campaignRoutes(app, { campaigns: new CampaignDesk(decisions.campaigns) });
}

async function limitRequests(app: ApiApp, limits: ApiLimits): Promise<void> {
  if (limits.eventLoopDelaySeconds > 0)
    await app.register(fastifyUnderPressure, {
      maxEventLoopDelay: limits.eventLoopDelaySeconds * 1000,
      retryAfter: retryAfterSeconds,
    });
  await app.register(fastifyRateLimit, {
    global: false,
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ ip, socket }) => clientOfAddress(isIP(ip) === 0 ? socket.remoteAddress : ip),
  });
  const checkRate = app.createRateLimit();
  // On every request, those without a route too.
  app.addHook('onRequest', async (request) => {
    const rate = await checkRate(request);
    if (rate.isAllowed || !rate.isExceeded) return;
    throw new ProblemError('too-many-requests', {
      detail: `At most ${rate.max} requests a minute.`,
      retryAfter: rate.ttlInSeconds,
    });
  });
}
