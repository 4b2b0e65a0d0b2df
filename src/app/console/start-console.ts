import { PrometheusTelemetry } from '../../adapters/prometheus/prometheus-telemetry.ts';
import type { Log } from '../../ports/log.ts';
import { CurrentPolicy } from '../../scoring/current-policy.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { buildFacts } from '../build-facts.ts';
import { campaignPart } from '../daemon/campaign-part.ts';
import { outboxPart } from '../daemon/outbox-part.ts';
import { OpenedPart, PartList } from '../daemon/part-list.ts';
import { type HttpListeners, serveHttp } from '../daemon/serve-http.ts';
import { activeExplainer } from '../models/active-explainer.ts';
import { ExplainerThread } from '../models/explainer-thread.ts';
import type { Models } from '../models/fetch-model.ts';
import { restoreModel } from '../models/restore-model.ts';
import { adapters } from '../open/adapters.ts';
import { consoleAddress } from '../open/console-address.ts';
import { accountsOver } from '../open/open-accounts.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { openModelSwitch } from '../open/open-model-switch.ts';
import { builtEntry } from '../package-root.ts';
import { ConsoleScorer } from './console-scorer.ts';
import { FollowedModel } from './followed-model.ts';
import { LazyVerdictSink } from './lazy-verdict-sink.ts';
import { StoreWatch } from './store-watch.ts';

/** A console that runs in a process of its own. */
export interface RunningConsole {
  /** With a one-time token for the first admin while there is none. */
  readonly address: string;
  /** Address of probes and metrics; null where they are off. */
  readonly ops: string | null;
  stop(): Promise<void>;
}

/** People try one message at a time. */
const SCORING_THREADS = 1;

/**
 * Serves the console and its API without a pipeline: a daemon on the same database neither waits for it nor ends with it. Throws
 * `STORE_FAILED` and `ADDRESS_REFUSED`.
 */
export async function startConsole(settings: Settings, log: Log): Promise<RunningConsole> {
  const build = buildFacts();
  const metrics = new PrometheusTelemetry({ build: { ...build }, processMetrics: settings.metrics.process });
  const policy = new CurrentPolicy(policyOf(settings));
  const models: Models = {
    store: openModelStore(settings),
    activation: openModelActivation(settings),
    registry: openModelRegistry(settings),
  };
  const model = new FollowedModel({ settings, models, log });
  const stores = new OpenedPart(
    'the database',
    () => adapters.store[settings.store.kind].openConsole(settings.store),
    async ({ decisions, accounts }) => {
      await decisions.close();
      await accounts.close();
    },
  );
  const watch = new OpenedPart(
    'the look at the database',
    () => {
      const started = new StoreWatch(stores.opened.decisions, metrics);
      started.start();
      return started;
    },
    (started) => started.stop(),
  );
  const http = new OpenedPart(
    'the listeners',
    () => serveConsole({ settings, log, build, metrics, policy, model, models, stores, watch }),
    (served) => served.close(),
  );
  const followed = new OpenedPart(
    'the active model',
    async () => {
      await model.start();
      return model;
    },
    (started) => started.stop(),
  );
  const campaigns = campaignPart({ log, share: 0.5 }, stores);
  const parts = [stores, ...publishing(settings, log, metrics, stores), campaigns, watch, followed, http];
  const list = new PartList(parts, log);
  await list.start();
  const { address, ops } = http.opened;
  return { address, ops, stop: () => list.stop() };
}

type Stores = OpenedPart<Awaited<ReturnType<(typeof adapters.store)['libsql']['openConsole']>>>;

/**
 * What publishes verdicts of decisions. A file has one writer, so where verdicts go to a file its daemon publishes them.
 */
function publishing(settings: Settings, log: Log, telemetry: PrometheusTelemetry, stores: Stores) {
  const kind = adapters.verdicts[settings.verdicts.kind];
  const file = kind.file(settings);
  if (file !== undefined) {
    log.info({ file }, 'verdicts of decisions are published by the daemon, which alone writes this file');
    return [];
  }
  const sink = new OpenedPart(
    'the verdict sink',
    () => new LazyVerdictSink(() => kind.open({ settings, log })),
    (opened) => opened.close(),
  );
  const built = {
    get opened() {
      return { decisions: stores.opened.decisions, verdicts: sink.opened };
    },
  };
  return [sink, outboxPart({ settings, once: false, telemetry, log }, built)];
}

interface Served {
  readonly settings: Settings;
  readonly log: Log;
  readonly build: ReturnType<typeof buildFacts>;
  readonly metrics: PrometheusTelemetry;
  readonly policy: CurrentPolicy;
  readonly model: FollowedModel;
  readonly models: Models;
  readonly stores: Stores;
  readonly watch: OpenedPart<StoreWatch>;
}

async function serveConsole({
  settings,
  log,
  build,
  metrics,
  policy,
  model,
  models,
  stores,
  watch,
}: Served): Promise<HttpListeners & { readonly address: string }> {
  const thread = new ExplainerThread({ entryFile: () => builtEntry('explain-thread') });
  const scorer = new ConsoleScorer({
    model: () => model.local,
    open: () =>
      openModelSwitch({ ...settings, pool: { ...settings.pool, threads: SCORING_THREADS } }, policy, {
        onThreadLost: () => log.warn({}, 'a scoring thread died'),
        restoreModel: restoreModel(models.store, log),
      }),
  });
  const accounts = accountsOver(stores.opened.accounts);
  const { port, opsPort } = settings.console;
  const listeners = await serveHttp({
    settings: {
      api: { ...settings.http.api, enabled: true, port },
      ops: { ...settings.http.ops, port: opsPort },
    },
    scoringThreads: SCORING_THREADS,
    scorer,
    decisions: stores.opened.decisions,
    review: settings.review,
    accounts,
    explainer: activeExplainer(thread, { model: () => model.local, policy: () => policy.value }),
    model: () => {
      const { local, manifest } = model;
      return local === null || manifest === undefined ? undefined : { version: local.version, manifest };
    },
    metrics,
    readiness: () => {
      const { trouble } = watch.opened;
      return { ready: trouble === undefined, reasons: trouble === undefined ? [] : [trouble] };
    },
    build,
    log,
  });
  return {
    ...listeners,
    address: await consoleAddress(listeners.api!, accounts, log),
    close: async () => {
      await listeners.close();
      await thread.close();
      await scorer.close();
    },
  };
}
