import { adapters } from '../open/adapters.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { type Measured, measureRegularly } from './measure-regularly.ts';
import { OpenedPart } from './part-list.ts';
import type { ScorerParts } from './scorer-parts.ts';

/** Measures lag, threads and health while the pipeline runs. */
export function lagPart(
  { settings, telemetry, log }: DaemonContext,
  scorers: ScorerParts,
  built: OpenedPart<BuiltPipeline>,
): OpenedPart<Measured> {
  const kind = adapters.source[settings.source.kind];
  return new OpenedPart(
    'the measurements',
    () => {
      const { source, pipeline, budget } = built.opened;
      return measureRegularly({
        source,
        broker: kind.broker(settings),
        scorer: scorers.active.opened,
        health: () => ({
          ...pipeline.health(),
          memory: { usedBytes: budget.used, limitBytes: budget.limit },
        }),
        telemetry,
        intervalSeconds: settings.metrics.lagIntervalSeconds,
        lookSeconds: kind.lookSeconds(settings),
        log,
      });
    },
    async (lag) => lag.stop(),
  );
}
