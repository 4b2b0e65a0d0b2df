import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import type { GuardedScorers } from './guarded-parts.ts';
import { OpenedPart } from './part-list.ts';

/** The pipeline with its sinks, not started yet. Its stop closes the sinks; the pipeline closes its source when it drains. */
export function pipelinePart(
  { settings, once, telemetry, log }: DaemonContext,
  scorers: Pick<GuardedScorers, 'pipeline' | 'alone'>,
): OpenedPart<BuiltPipeline> {
  return new OpenedPart(
    'the sinks',
    async () => {
      const { buildPipeline } = await import('../open/build-pipeline.ts');
      return await buildPipeline({
        settings,
        once,
        scorer: scorers.pipeline,
        alone: scorers.alone,
        telemetry,
        log,
      });
    },
    (built) => built.close(),
  );
}
