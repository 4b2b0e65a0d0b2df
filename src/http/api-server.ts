import { isIP } from 'node:net';
import { fastifyRateLimit } from '@fastify/rate-limit';
import { fastifyUnderPressure } from '@fastify/under-pressure';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Accounts } from '../accounts/accounts.ts';
import { CampaignDesk } from '../campaigns/campaign-desk.ts';
import { NearestMessages } from '../campaigns/nearest-messages.ts';
import type { Actor } from '../core/decision.ts';
import { isLoopback } from '../core/loopback.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import type { Erasures } from '../ports/erasures.ts';
import type { LabelDesk } from '../ports/label-desk.ts';
import type { LetterDesk } from '../ports/letter-desk.ts';
import type { Log } from '../ports/log.ts';
import type { ModelDesk } from '../ports/model-desk.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { ThresholdKeeper } from '../ports/threshold-keeper.ts';
import { defaultReportLimits, ReportDesk, type ReportLimits } from '../review/report-desk.ts';
import { ReviewDesk } from '../review/review-desk.ts';
import { accountRoutes } from './account-routes.ts';
import { activityRoute } from './activity-route.ts';
import { agreementRoute } from './agreement-route.ts';
import type { ApiApp } from './api-app.ts';
import { ArrivingBodies } from './arriving-bodies.ts';
import { type AuditSource, auditRoute } from './audit-route.ts';
import { acceptJson } from './body-parsers.ts';
import { campaignRoutes } from './campaign-routes.ts';
import { addressList, clientOfAddress } from './client-address.ts';
import { consoleFiles } from './console-files.ts';
import { decisionRoutes } from './decision-routes.ts';
import { erasureRoutes } from './erasure-routes.ts';
import { defaultEventLimits, type EventLimits, eventsRoute } from './events-route.ts';
import type { Explainer } from './explainer.ts';
import { explanationRoute } from './explanation-route.ts';
import { checkFields } from './field-check.ts';
import { findSpamRoute } from './find-spam-route.ts';
import { refuseForeignRequests } from './foreign-requests.ts';
import { type GuardOptions, guardRoutes, isStillAllowed } from './guard-routes.ts';
import type { InstalledModel } from './installed-model.ts';
import { labelNextRoutes } from './label-next-routes.ts';
import { leaseRoutes } from './lease-routes.ts';
import { letterRoutes } from './letter-routes.ts';
import { type Certificate, type ListenAddress, type ProxyRole, refuseOpenAddress } from './listen-address.ts';
import { type Inject, Listener } from './listener.ts';
import { modelVersionsRoute } from './model-versions-route.ts';
import { modelsRoute } from './models-route.ts';
import { nearestRoute } from './nearest-route.ts';
import { notFoundPage } from './not-found-page.ts';
import { describeApi } from './open-api.ts';
import { type OpenIdAccess, openIdRoutes } from './openid-routes.ts';
import { OverviewFeed, type OverviewSource } from './overview-feed.ts';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';
import { reportRoute } from './report-route.ts';
import { defaultLimits, type RequestLimits } from './request-limits.ts';
import { ReviewCounts } from './review-counts.ts';
import { reviewRoutes } from './review-route.ts';
import { reviewStatsRoute } from './review-stats-route.ts';
import { defaultScoreQueueLimits, ScoreQueue, type ScoreQueueLimits } from './score-queue.ts';
import { scoreRoute } from './score-route.ts';
import { sessionRoutes } from './session-routes.ts';
import { settingsRoute } from './settings-route.ts';
import type { SettingsAnswer } from './settings-schemas.ts';
import { modelGuardRoutes, shadowRoute } from './shadow-route.ts';
import { thresholdRoutes } from './threshold-routes.ts';
import { trainingRoutes } from './training-routes.ts';

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
  /** Closed by the caller. */
  readonly erasures: Erasures;
  readonly audit: AuditSource;
  readonly models: ModelDesk;
  readonly letters: LetterDesk;
  readonly labels: LabelDesk<Actor>;
  /** Of decided messages, 0 to 1; none where it is left out. */
  readonly secondOpinionShare?: number;
  readonly reportLimits?: ReportLimits;
  /** Of the console's page, as it was built; no page where it is left out. */
  readonly consoleFolder?: string;
  /** Undefined while there is none. */
  readonly model: () => InstalledModel | undefined;
  /** Who may use which route; closed by the caller. */
  readonly accounts: Accounts;
  /** Log-ins by an identity provider; none where it is left out. */
  readonly openId?: OpenIdAccess | undefined;
  readonly log: Log;
  /** Of Sluice, for the description of the API. */
  readonly version: string;
  readonly proxy?: ProxyRole;
  /** What the process knows of itself; a process without a pipeline where it is left out. */
  readonly overview?: OverviewSource;
  /** What it is configured with at this moment. */
  readonly settings?: () => SettingsAnswer;
  /** Where its thresholds are changed; left out as `settings` is. */
  readonly thresholds?: ThresholdKeeper | undefined;
  readonly events?: Partial<EventLimits>;
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
  const guard = { accounts: options.accounts, isLoopback: isLoopback(host) && !behindProxy, isSecure };
  await guardRoutes(app, guard);
  listener.refuseUnknownAddresses(options.consoleFolder === undefined ? undefined : notFoundPage);
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
  openIdRoutes(app, { openId: options.openId, isSecure });
  accountRoutes(app, options.accounts);
  consoleRoutes(app, options, guard);
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

/** What people see and do in the console. */
function consoleRoutes(app: ApiApp, options: ApiServerOptions, guard: GuardOptions): void {
  const {
    decisions,
    explainer,
    erasures,
    models,
    letters,
    labels,
    model,
    version,
    overview = bare,
  } = options;
  const { secondOpinionShare = 0 } = options;
  const desk = new ReviewDesk(decisions, { secondOpinionShare });
  const counts = new ReviewCounts(decisions);
  const limits = { ...defaultEventLimits, ...options.events };
  const { everySeconds } = limits;
  const feed = new OverviewFeed({
    ...{ ...overview, version, model, counts, everySeconds },
    campaigns: decisions.campaigns,
  });
  agreementRoute(app, decisions);
  auditRoute(app, options.audit);
  reviewRoutes(app, decisions);
  reviewStatsRoute(app, counts);
  explanationRoute(app, decisions, explainer);
  nearestRoute(app, decisions, new NearestMessages(decisions.candidates));
  leaseRoutes(app, desk);
  decisionRoutes(app, desk, decisions);
  erasureRoutes(app, erasures);
  activityRoute(app, decisions);
  const { training, secondOpinions } = decisions;
  trainingRoutes(app, { desk, training, secondOpinions });
  labelNextRoutes(app, labels);
  campaignRoutes(app, { campaigns: new CampaignDesk(decisions.campaigns) });
  eventsRoute(app, {
    feed,
    isStillAllowed: (request) => isStillAllowed(request, guard),
    limits,
  });
  settingsRoute(app, options.settings);
  thresholdRoutes(app, { keeper: options.thresholds, decisions, model });
  modelVersionsRoute(app, models);
  modelGuardRoutes(app, decisions.guard);
  shadowRoute(app, decisions.shadow);
  letterRoutes(app, letters);
}

const bare: OverviewSource = {
  process: 'console',
  readiness: () => ({ ready: true, reasons: [] }),
  outboxPublished: 'not',
};

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
