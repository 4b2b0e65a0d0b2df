import type { IsolatedScorer } from '../../scoring/isolated-scorer.ts';
import type { ModelSwitch } from '../../scoring/model-switch.ts';
import { restoreModel } from '../models/restore-model.ts';
import { openIsolatedScorer, openModelSwitch } from '../open/open-model-switch.ts';
import type { DaemonContext } from './daemon-context.ts';
import { OpenedPart } from './part-list.ts';

export interface ScorerParts {
  readonly active: OpenedPart<ModelSwitch>;
  /** Scores in a process of its own what the daemon crashed under. */
  readonly isolated: OpenedPart<IsolatedScorer>;
}

/** The scorers; their threads start without a model. */
export function scorerParts({ settings, policy, telemetry, models, log }: DaemonContext): ScorerParts {
  const active = new OpenedPart(
    'the scorer',
    () =>
      openModelSwitch(settings, policy, {
        onThreadLost: () => telemetry.threadLost(),
        restoreModel: restoreModel(models.store, log),
      }),
    (scorer) => scorer.close(),
  );
  const isolated = new OpenedPart(
    'the scorer of suspects',
    () => openIsolatedScorer(settings, policy, () => active.opened.model),
    (scorer) => scorer.close(),
  );
  return { active, isolated };
}
