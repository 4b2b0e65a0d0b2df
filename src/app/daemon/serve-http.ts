import { join } from 'node:path';
import type { Accounts } from '../../accounts/accounts.ts';
import type { PrometheusTelemetry } from '../../adapters/prometheus/prometheus-telemetry.ts';
import type { Actor } from '../../core/decision.ts';
import { type ApiServer, createApiServer } from '../../http/api-server.ts';
import type { AuditSource } from '../../http/audit-route.ts';
import type { Explainer } from '../../http/explainer.ts';
import type { InstalledModel } from '../../http/installed-model.ts';
import type { OpenIdAccess } from '../../http/openid-routes.ts';
import { createOpsServer, type OpsServer, type Readiness } from '../../http/ops-server.ts';
import type { OverviewSource } from '../../http/overview-feed.ts';
import { defaultScoreQueueLimits } from '../../http/score-queue.ts';
import type { SettingsAnswer } from '../../http/settings-schemas.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { Erasures } from '../../ports/erasures.ts';
import type { LabelDesk } from '../../ports/label-desk.ts';
import type { LetterDesk } from '../../ports/letter-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { ModelDesk } from '../../ports/model-desk.ts';
import type { Scorer } from '../../ports/scorer.ts';
import type { ThresholdKeeper } from '../../ports/threshold-keeper.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { BuildFacts } from '../build-facts.ts';
import { Closers } from '../closers.ts';
import { packageRoot } from '../package-root.ts';

export interface HttpParts {
  readonly settings: Settings['http'];
  /** The API may keep half of them busy, and one in any case; the pipeline has the others to itself. */
  readonly scoringThreads: number;
  readonly scorer: Scorer;
  readonly decisions: DecisionStore;
  readonly explainer: Explainer;
  readonly erasures: Erasures;
  readonly audit: AuditSource;
  readonly models: ModelDesk;
  readonly letters: LetterDesk;
  readonly labels: LabelDesk<Actor>;
  readonly review: Settings['review'];
  readonly accounts: Accounts;
  readonly openId: OpenIdAccess | undefined;
  readonly model: () => InstalledModel | undefined;
  readonly metrics: PrometheusTelemetry;
  readonly readiness: () => Readiness;
  readonly overview: Omit<OverviewSource, 'readiness'>;
  /** What the process is configured with at this moment; left out where it was not started from settings. */
  readonly effectiveSettings?: (() => SettingsAnswer) | undefined;
  readonly thresholds?: ThresholdKeeper | undefined;
  readonly build: BuildFacts;
  readonly log: Log;
}

export interface HttpListeners {
  readonly api: string | null;
  readonly ops: string | null;
  close(): Promise<void>;
}

/** Opens the listeners that the settings switch on; when one cannot listen, none stays open. */
export async function serveHttp(parts: HttpParts): Promise<HttpListeners> {
  const { api, ops } = parts.settings;
  const closers = new Closers(parts.log);
  const listen = async (name: string, server: ApiServer | OpsServer) => {
    closers.add(name, () => server.close());
    return await server.listen();
  };
  try {
    const opsAddress = ops.enabled ? await listen('the ops listener', opsServer(parts)) : null;
    const apiAddress = api.enabled ? await listen('the API', await apiServer(parts)) : null;
    return { api: apiAddress, ops: opsAddress, close: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAfterFailure();
    throw error;
  }
}

function opsServer({ settings, metrics, readiness, build, log }: HttpParts): OpsServer {
  const { host, port } = settings.ops;
  return createOpsServer({
    host,
    port,
    metrics: (accept) => metrics.exposition(accept),
    readiness,
    version: { ...build },
    log: log.child('http'),
  });
}

function apiServer({
  settings,
  scoringThreads,
  scorer,
  decisions,
  explainer,
  erasures,
  audit,
  models,
  letters,
  labels,
  review,
  accounts,
  openId,
  model,
  readiness,
  overview,
  effectiveSettings,
  thresholds,
  build,
  log,
}: HttpParts): Promise<ApiServer> {
  const { host, port, proxy, trustedProxies } = settings.api;
  const { bodyLimitBytes, requestTimeoutSeconds, rateLimitPerMinute } = settings.api;
  return createApiServer({
    host,
    port,
    proxy: proxy === 'tls' ? 'terminates-tls' : 'none',
    trustedProxies,
    scorer,
    decisions,
    explainer,
    erasures,
    audit,
    models,
    letters,
    labels,
    secondOpinionShare: review.secondOpinionShare,
    reportLimits: {
      perReporterHour: review.reportsPerReporterHour,
      reopenReports: review.reopenReports,
    },
    accounts,
    openId,
    model,
    version: build.version,
    overview: { ...overview, readiness },
    ...(effectiveSettings === undefined ? {} : { settings: effectiveSettings }),
    thresholds,
    consoleFolder: join(packageRoot(), 'dist', 'console'),
    limits: {
      bodyBytes: bodyLimitBytes,
      requestSeconds: requestTimeoutSeconds,
      requestsPerMinute: rateLimitPerMinute,
      queue: { ...defaultScoreQueueLimits, slices: Math.max(1, Math.floor(scoringThreads / 2)) },
    },
    log: log.child('http'),
  });
}
