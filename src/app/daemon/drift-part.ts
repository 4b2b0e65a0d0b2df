import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referenceOf } from '../../drift/training-reference.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import { trainingFile } from '../models/model-reference.ts';
import type { DaemonContext } from './daemon-context.ts';
import { DriftMemoryFile } from './drift-memory-file.ts';
import { DriftWatch } from './drift-watch.ts';
import { observedTelemetry } from './observed-telemetry.ts';
import { OpenedPart } from './part-list.ts';
import type { ScorerParts } from './scorer-parts.ts';

export interface DriftParts {
  /** None where it is turned off. */
  readonly parts: readonly OpenedPart<DriftWatch>[];
  /** The context with a telemetry that the watch listens to. */
  watched(context: DaemonContext): DaemonContext;
}

/** Watches the batches of the pipeline for drift. A run with an end is not watched: it says nothing of what is usual. */
export function driftPart(context: DaemonContext, scorers: ScorerParts): DriftParts {
  if (!context.settings.drift.enabled || context.once) return { parts: [], watched: (given) => given };
  const part = watchPart(context, scorers);
  return {
    parts: [part],
    watched: (given) => ({
      ...given,
      telemetry: observedTelemetry(given.telemetry, {
        batchScored: (batch) => part.opened.batchScored(batch),
      }),
    }),
  };
}

function watchPart(
  { settings, policy, telemetry, log }: DaemonContext,
  scorers: ScorerParts,
): OpenedPart<DriftWatch> {
  const { baseline, enabled: _, ...rules } = settings.drift;
  return new OpenedPart(
    'the watch for drift',
    () =>
      DriftWatch.start({
        ...{ rules, baseline, policy, telemetry },
        memory: new DriftMemoryFile(settings.state.path),
        referenceOf: async (version) => {
          const { model } = scorers.active.opened;
          // Between two models the other one is asked for again soon.
          if (model?.version !== version) return null;
          return referenceOf(await readFile(join(model.path, trainingFile), 'utf8'));
        },
        clock: systemClock,
        log: log.child('drift'),
      }),
    (watch) => watch.stop(),
  );
}
