import { systemClock } from '../../pipeline/system-clock.ts';
import { fetchWanted } from '../models/fetch-model.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import { openShadowScorer } from '../open/open-model-switch.ts';
import type { DaemonContext } from './daemon-context.ts';
import { OpenedPart } from './part-list.ts';
import type { ScorerParts } from './scorer-parts.ts';
import { Shadow } from './shadow.ts';

/** The model that scores a sample without effect, in a process of its own. */
export function shadowPart(
  { settings, policy, telemetry, models, log }: DaemonContext,
  scorers: ScorerParts,
  built: { readonly opened: Pick<BuiltPipeline, 'decisions'> },
): OpenedPart<Shadow> {
  const scorer = openShadowScorer(settings, policy, () => part.opened.model);
  const part: OpenedPart<Shadow> = new OpenedPart(
    'the shadow',
    () => {
      const shadow = new Shadow(settings.shadow, {
        store: built.opened.decisions.shadow,
        fetch: async (version) => {
          const model = await fetchWanted(models, { version, sha256: undefined });
          await scorers.active.opened.check(model);
          return model;
        },
        scorer,
        telemetry,
        clock: systemClock,
        log: log.child('shadow'),
      });
      shadow.start();
      return shadow;
    },
    async (shadow) => {
      await shadow.stop();
      await scorer.close();
    },
  );
  return part;
}
