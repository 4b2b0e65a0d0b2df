import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { OpenedPart } from './part-list.ts';
import type { ScorerParts } from './scorer-parts.ts';

/** The pipeline with its sinks, not started yet. Its stop closes the sinks; the pipeline closes its source when it drains. */
export function pipelinePart(
  { settings, once, telemetry, log }: DaemonContext,
  scorers: ScorerParts,
): OpenedPart<BuiltPipeline> {
  return new OpenedPart(
    'the sinks',
    async () => {
      const { buildPipeline } = await import('../open/build-pipeline.ts');
      return await buildPipeline({
        settings,
        once,
        scorer: scorers.active.opened,
        alone: scorers.isolated.opened,
        telemetry,
        log,
      });
    },
    (built) => built.close(),
  );
}
