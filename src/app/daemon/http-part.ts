import { activeExplainer } from '../models/active-explainer.ts';
import { ExplainerThread } from '../models/explainer-thread.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import { consoleAddress } from '../open/console-address.ts';
import { accountsOver } from '../open/open-accounts.ts';
import { builtEntry } from '../package-root.ts';
import type { DaemonContext } from './daemon-context.ts';
import type { Measured } from './measure-regularly.ts';
import type { ModelInstaller } from './model-installer.ts';
import { OpenedPart } from './part-list.ts';
import { readinessOf } from './readiness.ts';
import type { ScorerParts } from './scorer-parts.ts';
import type { HttpListeners } from './serve-http.ts';

export interface ServedParts {
  readonly scorers: ScorerParts;
  readonly installer: ModelInstaller;
  readonly pipeline: OpenedPart<BuiltPipeline>;
  readonly lag: OpenedPart<Measured>;
}

export interface ServedHttp extends HttpListeners {
  /** Address of the console, with a one-time token for the first admin while there is none; null where there is no console. */
  readonly console: string | null;
}

/** The listeners: the API, and the probes with the metrics. */
export function httpPart(
  { settings, once, tally, metrics, build, policy, log }: DaemonContext,
  { scorers, installer, pipeline: built, lag }: ServedParts,
): OpenedPart<ServedHttp> {
  const thread = new ExplainerThread({ entryFile: () => builtEntry('explain-thread') });
  return new OpenedPart(
    'the listeners',
    async () => {
      const { serveHttp } = await import('./serve-http.ts');
      const { pipeline, source, decisions } = built.opened;
      const accounts = accountsOver(built.opened.accounts);
      const scorer = scorers.active.opened;
      const { opened: measured } = lag;
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
        scorer,
        decisions,
        review: settings.review,
        accounts,
        explainer: activeExplainer(thread, { model: () => scorer.model, policy: () => policy.value }),
        model: () => installer.installed,
        metrics,
        readiness,
        build,
        log,
      });
      const { api } = listeners;
      const console = api === null || once ? null : await consoleAddress(api, accounts, log);
      return { ...listeners, console };
    },
    async (listeners) => {
      await listeners.close();
      await thread.close();
    },
  );
}
