import type { Scorer } from '../../ports/scorer.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { guardPart } from './guard-part.ts';
import type { ModelGuard } from './model-guard.ts';
import type { OpenedPart } from './part-list.ts';
import type { ScorerParts } from './scorer-parts.ts';
import type { Shadow } from './shadow.ts';
import { shadowPart } from './shadow-part.ts';

/** What scores messages of users: each of them is guarded, as the parts that guard them start later than what uses them. */
export interface GuardedScorers {
  /** For the pipeline: the shadow sees a sample. */
  readonly pipeline: Scorer;
  /** For messages that the daemon crashed under. */
  readonly alone: Scorer;
  readonly api: Scorer;
}

export interface GuardedParts extends GuardedScorers {
  readonly guard: OpenedPart<ModelGuard>;
  readonly shadow: OpenedPart<Shadow>;
}

/** `pipeline`: has opened the database when these parts start. */
export function guardedParts(
  context: DaemonContext,
  scorers: ScorerParts,
  pipeline: () => OpenedPart<BuiltPipeline>,
): GuardedParts {
  const stores = {
    get opened() {
      return pipeline().opened;
    },
  };
  const guard = guardPart(context, scorers, stores);
  const shadow = shadowPart(context, scorers, stores);
  return {
    ...{ guard, shadow },
    pipeline: late(() => guard.opened.over(shadow.opened.over(scorers.active.opened))),
    alone: late(() => guard.opened.over(scorers.isolated.opened, { compares: false })),
    api: late(() => guard.opened.over(scorers.active.opened)),
  };
}

/** A scorer that is made when it is first used. */
function late(make: () => Scorer): Scorer {
  let made: Scorer | undefined;
  return {
    score: (batch, options) => {
      made ??= make();
      return made.score(batch, options);
    },
  };
}
