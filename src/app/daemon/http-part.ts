import type { PipelineFigures } from '../../http/overview-schemas.ts';
import type { SettingsAnswer } from '../../http/settings-schemas.ts';
import type { ThresholdKeeper } from '../../ports/threshold-keeper.ts';
import { openErasures } from '../erasure/open-erasures.ts';
import { openLabelDesk } from '../label-desk/open-label-desk.ts';
import { keptThresholds } from '../live-settings/kept-thresholds.ts';
import { activeExplainer } from '../models/active-explainer.ts';
import { ExplainerThread } from '../models/explainer-thread.ts';
import { openModelDesk } from '../models/open-model-desk.ts';
import { adapters } from '../open/adapters.ts';
import { auditSource } from '../open/audit-source.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import { consoleAddress } from '../open/console-address.ts';
import { accountsOver } from '../open/open-accounts.ts';
import { openIdAccess } from '../open/open-id-access.ts';
import { settingsAnswer } from '../open/settings-answer.ts';
import { builtEntry } from '../package-root.ts';
import { openLetterDesk } from '../tasks/open-letter-desk.ts';
import type { DaemonContext } from './daemon-context.ts';
import type { GuardedScorers } from './guarded-parts.ts';
import type { Measured } from './measure-regularly.ts';
import type { ModelInstaller } from './model-installer.ts';
import { OpenedPart } from './part-list.ts';
import { PipelineFiguresReader } from './pipeline-figures.ts';
import { readinessOf } from './readiness.ts';
import type { ScorerParts } from './scorer-parts.ts';
import type { HttpListeners } from './serve-http.ts';
import type { SettingsFollower } from './settings-follower.ts';

export interface ServedParts {
  readonly scorers: ScorerParts;
  /** For messages of users. */
  readonly guarded: Pick<GuardedScorers, 'api'>;
  readonly installer: ModelInstaller;
  readonly pipeline: OpenedPart<BuiltPipeline>;
  readonly lag: OpenedPart<Measured>;
  /** The settings that are current; it starts later. */
  readonly follower: () => Pick<SettingsFollower, 'current' | 'atNextStart' | 'pinnedModel'>;
}

export interface ServedHttp extends HttpListeners {
  /** Address of the console, with a one-time token for the first admin while there is none; null where there is no console. */
  readonly console: string | null;
}

/** The listeners: the API, and the probes with the metrics. */
export function httpPart(
  context: DaemonContext,
  { scorers, guarded, installer, pipeline: built, lag, follower }: ServedParts,
): OpenedPart<ServedHttp> {
  const { settings, once, tally, metrics, build, policy, log } = context;
  const thread = new ExplainerThread({ entryFile: () => builtEntry('explain-thread') });
  const erasures = openErasures(settings, log);
  let labels: ReturnType<typeof openLabelDesk> | undefined;
  return new OpenedPart(
    'the listeners',
    async () => {
      const { serveHttp } = await import('./serve-http.ts');
      const { pipeline, source, decisions } = built.opened;
      const accounts = accountsOver(built.opened.accounts);
      const scorer = scorers.active.opened;
      const { opened: measured } = lag;
      labels = openLabelDesk(settings, { decisions, scorer, log: log.child('labels') });
      const readiness = () =>
        readinessOf({
          ...pipeline.health(),
          hasModel: installer.installed !== undefined,
          state: pipeline.state,
          trouble: source.trouble?.(),
          scorerTrouble: scorer.trouble,
          lagAgeSeconds: measured.ageSeconds,
          lagOldSeconds: measured.oldSeconds,
          threads: measured.threads,
          spoolFullness: tally.spoolFullness,
        });
      const listeners = await serveHttp({
        settings: settings.http,
        scoringThreads: settings.pool.threads,
        scorer: guarded.api,
        decisions,
        review: settings.review,
        accounts,
        openId: openIdAccess(settings, accounts, log),
        erasures,
        audit: auditSource(decisions.audit, () => policy.value.audit, log.child('audit')),
        explainer: activeExplainer(thread, { model: () => scorer.model, policy: () => policy.value }),
        models: openModelDesk({
          ...{ settings, log: log.child('models') },
          admit: (model) => scorer.check(model),
          pinned: () => follower().pinnedModel,
          scoresWith: () => installer.installed?.version,
        }),
        letters: openLetterDesk(settings, built.opened.accounts, log.child('dead-letters')),
        labels,
        model: () => installer.installed,
        metrics,
        readiness,
        overview: {
          process: 'daemon',
          outboxPublished: settings.mode === 'observe' ? 'not' : 'here',
          pipeline: pipelineFigures(context, lag),
        },
        ...effectiveSettings(context, follower),
        thresholds: thresholdsOf(context, follower, built.opened.accounts),
        build,
        log,
      });
      const { api } = listeners;
      const console = api === null || once ? null : await consoleAddress(api, accounts, log);
      return { ...listeners, console };
    },
    async (listeners) => {
      await listeners.close();
      await labels?.close();
      await thread.close();
      await erasures.close();
    },
  );
}

function pipelineFigures(
  { settings, metrics, tally }: DaemonContext,
  lag: OpenedPart<Measured>,
): () => Promise<PipelineFigures> {
  const reader = new PipelineFiguresReader({
    metrics,
    lag: () => lag.opened,
    state: () => tally.counts.state,
    mode: settings.mode,
    unit: adapters.source[settings.source.kind].broker(settings) === undefined ? 'bytes' : 'messages',
    hasSpool: adapters.store[settings.store.kind].hasSpool,
    poolWindowSeconds: settings.metrics.lagIntervalSeconds,
  });
  return () => reader.read();
}

function thresholdsOf(
  { liveSource, log }: DaemonContext,
  follower: ServedParts['follower'],
  accounts: BuiltPipeline['accounts'],
): ThresholdKeeper | undefined {
  if (liveSource === undefined) return undefined;
  return keptThresholds({
    ...{ file: liveSource.file, accounts, log: log.child('settings') },
    current: () => follower().current ?? liveSource.base,
  });
}

function effectiveSettings(
  { liveSource }: DaemonContext,
  follower: ServedParts['follower'],
): { readonly effectiveSettings?: () => SettingsAnswer } {
  if (liveSource === undefined) return {};
  return {
    effectiveSettings: () => {
      const { current = liveSource.base, atNextStart } = follower();
      return settingsAnswer(current, { process: 'daemon', follows_changes: true }, atNextStart);
    },
  };
}
