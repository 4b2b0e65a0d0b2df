import { PrometheusTelemetry } from '../../adapters/prometheus/prometheus-telemetry.ts';
import type { OverviewSource } from '../../http/overview-feed.ts';
import type { Log } from '../../ports/log.ts';
import { CurrentPolicy } from '../../scoring/current-policy.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
import { pinnedModel } from '../../settings/pinned-model.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { buildFacts } from '../build-facts.ts';
import { campaignPart } from '../daemon/campaign-part.ts';
import { outboxPart } from '../daemon/outbox-part.ts';
import { OpenedPart, PartList } from '../daemon/part-list.ts';
import { type HttpListeners, serveHttp } from '../daemon/serve-http.ts';
import { openErasures } from '../erasure/open-erasures.ts';
import { openLabelDesk } from '../label-desk/open-label-desk.ts';
import { keptThresholds } from '../live-settings/kept-thresholds.ts';
import { activeExplainer } from '../models/active-explainer.ts';
import { ExplainerThread } from '../models/explainer-thread.ts';
import type { Models } from '../models/fetch-model.ts';
import { openModelDesk } from '../models/open-model-desk.ts';
import { restoreModel } from '../models/restore-model.ts';
import { adapters } from '../open/adapters.ts';
import { auditSource } from '../open/audit-source.ts';
import { consoleAddress } from '../open/console-address.ts';
import { accountsOver } from '../open/open-accounts.ts';
import { openIdAccess } from '../open/open-id-access.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { openAdmission, openModelSwitch } from '../open/open-model-switch.ts';
import { settingsAnswer } from '../open/settings-answer.ts';
import { builtEntry } from '../package-root.ts';
import { drawingOf } from '../tasks/audit-report.ts';
import { openLetterDesk } from '../tasks/open-letter-desk.ts';
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
 * Serves the console and its API without a pipeline: a daemon on the same database neither waits for it nor ends with it. `file`: path of
 * the settings file, where changed thresholds are saved. Throws `STORE_FAILED` and `ADDRESS_REFUSED`.
 */
export async function startConsole(
  loaded: LoadedSettings,
  log: Log,
  file?: string | undefined,
): Promise<RunningConsole> {
  const { settings } = loaded;
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
    () => serveConsole({ loaded, file, log, build, metrics, policy, model, models, stores, watch }),
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

/** What publishes verdicts of decisions here; nothing where a daemon does, or nobody. */
function publishing(settings: Settings, log: Log, telemetry: PrometheusTelemetry, stores: Stores) {
  const kind = adapters.verdicts[settings.verdicts.kind];
  switch (outboxPublished(settings)) {
    case 'not':
      log.info({}, 'in mode observe no verdicts of decisions are published; they wait in the outbox');
      return [];
    case 'by-daemon': {
      const file = kind.file(settings);
      log.info({ file }, 'verdicts of decisions are published by the daemon, which alone writes this file');
      return [];
    }
    case 'here':
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
  readonly loaded: LoadedSettings;
  readonly file: string | undefined;
  readonly log: Log;
  readonly build: ReturnType<typeof buildFacts>;
  readonly metrics: PrometheusTelemetry;
  readonly policy: CurrentPolicy;
  readonly model: FollowedModel;
  readonly models: Models;
  readonly stores: Stores;
  readonly watch: OpenedPart<StoreWatch>;
  /** Of `model.version`. */
}

async function serveConsole({
  loaded,
  file,
  log,
  build,
  metrics,
  policy,
  model,
  models,
  stores,
  watch,
}: Served): Promise<HttpListeners & { readonly address: string }> {
  const { settings } = loaded;
  const thread = new ExplainerThread({ entryFile: () => builtEntry('explain-thread') });
  const scorer = new ConsoleScorer({
    model: () => model.local,
    open: () =>
      openModelSwitch({ ...settings, pool: { ...settings.pool, threads: SCORING_THREADS } }, policy, {
        onThreadLost: () => log.warn({}, 'a scoring thread died'),
        restoreModel: restoreModel(models.store, log),
      }),
  });
  const { decisions } = stores.opened;
  const labels = openLabelDesk(settings, { decisions, scorer, log: log.child('labels') });
  const accounts = accountsOver(stores.opened.accounts);
  const erasures = openErasures(settings, log);
  const { port, opsPort } = settings.console;
  const listeners = await serveHttp({
    settings: {
      api: { ...settings.http.api, enabled: true, port },
      ops: { ...settings.http.ops, port: opsPort },
    },
    scoringThreads: SCORING_THREADS,
    scorer,
    decisions,
    labels,
    review: settings.review,
    accounts,
    openId: openIdAccess(settings, accounts, log),
    erasures,
    audit: auditSource(decisions.audit, () => drawingOf(settings), log.child('audit')),
    explainer: activeExplainer(thread, { model: () => model.local, policy: () => policy.value }),
    models: openModelDesk({
      ...{ settings, log: log.child('models'), admit: openAdmission(settings) },
      pinned: () => pinnedModel(settings, loaded.origins.get('model.version')),
    }),
    letters: openLetterDesk(settings, stores.opened.accounts, log.child('dead-letters')),
    model: () => {
      const { local, manifest } = model;
      return local === null || manifest === undefined ? undefined : { version: local.version, manifest };
    },
    metrics,
    readiness: () => {
      const { trouble } = watch.opened;
      return { ready: trouble === undefined, reasons: trouble === undefined ? [] : [trouble] };
    },
    overview: consoleOverview(settings),
    // Nothing is followed here: a console scores and explains by the thresholds of its start.
    effectiveSettings: () => settingsAnswer(loaded, { process: 'console', follows_changes: false }),
    thresholds: keptThresholds({
      ...{ file, accounts: stores.opened.accounts, log: log.child('settings') },
      current: () => loaded,
    }),
    build,
    log,
  });
  return {
    ...listeners,
    address: await consoleAddress(listeners.api!, accounts, log),
    close: async () => {
      await listeners.close();
      await labels.close();
      await thread.close();
      await erasures.close();
      await scorer.close();
    },
  };
}

/** A file has one writer: where verdicts go to a file, its daemon publishes those of decisions too. */
function outboxPublished(settings: Settings): OverviewSource['outboxPublished'] {
  if (settings.mode === 'observe') return 'not';
  return adapters.verdicts[settings.verdicts.kind].file(settings) === undefined ? 'here' : 'by-daemon';
}

/** What such a process knows of itself beside its database: that it has no pipeline, and whether it publishes verdicts of decisions. */
function consoleOverview(settings: Settings): Omit<OverviewSource, 'readiness'> {
  return { process: 'console', outboxPublished: outboxPublished(settings) };
}
