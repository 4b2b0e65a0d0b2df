import { systemClock } from '../../pipeline/system-clock.ts';
import { fetchWanted } from '../models/fetch-model.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { ModelGuard } from './model-guard.ts';
import { OpenedPart } from './part-list.ts';
import type { ScorerParts } from './scorer-parts.ts';

/** The guard of a new model. It starts when the first model is active and the database is open, and before a message is scored. */
export function guardPart(
  { settings, telemetry, models, log }: DaemonContext,
  scorers: ScorerParts,
  built: { readonly opened: Pick<BuiltPipeline, 'decisions'> },
): OpenedPart<ModelGuard> {
  const { spamDeparture, reviewDeparture, falseAlarms, messages, maxHours } = settings.guard;
  return new OpenedPart(
    'the guard of the model',
    async () => {
      const { active } = scorers;
      const guard = new ModelGuard({
        rule: {
          ...{ spamBeyond: spamDeparture, reviewBeyond: reviewDeparture },
          ...{ falseAlarms, messages, maxHours },
        },
        store: built.opened.decisions.guard,
        pool: active.opened,
        fetch: async (version) => {
          const model = await fetchWanted(models, { version, sha256: undefined });
          await active.opened.check(model);
          return model;
        },
        telemetry,
        clock: systemClock,
        log: log.child('guard'),
      });
      await guard.start();
      return guard;
    },
    (guard) => guard.stop(),
  );
}
