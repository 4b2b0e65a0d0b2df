import { activeExplainer } from '../models/active-explainer.ts';
import { ExplainerThread } from '../models/explainer-thread.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
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

/** The listeners: the API, and the probes with the metrics. */
export function httpPart(
  { settings, tally, metrics, build, policy, log }: DaemonContext,
  { scorers, installer, pipeline: built, lag }: ServedParts,
): OpenedPart<HttpListeners> {
  const thread = new ExplainerThread({ entryFile: () => builtEntry('explain-thread') });
  return new OpenedPart(
    'the listeners',
    async () => {
      const { serveHttp } = await import('./serve-http.ts');
      const { pipeline, source, decisions } = built.opened;
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
      return await serveHttp({
        settings: settings.http,
        scoringThreads: settings.pool.threads,
        scorer,
        decisions,
        explainer: activeExplainer(thread, { model: () => scorer.model, policy: () => policy.value }),
        model: () => installer.installed,
        metrics,
        readiness,
        build,
        log,
      });
    },
    async (listeners) => {
      await listeners.close();
      await thread.close();
    },
  );
}
