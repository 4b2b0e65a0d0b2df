import type { LocalModel } from '../../ports/model-store.ts';
import { admitModel } from '../../scoring/admit-model.ts';
import { admitOnce } from '../../scoring/admit-once.ts';
import type { CurrentPolicy } from '../../scoring/current-policy.ts';
import { IsolatedScorer } from '../../scoring/isolated-scorer.ts';
import { ModelSwitch } from '../../scoring/model-switch.ts';
import { ScorePool, type ScorePoolOptions } from '../../scoring/score-pool.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { builtEntry } from '../package-root.ts';

const MEBIBYTE = 1024 * 1024;

/** The admission check, in a process of its own; once for each model. Throws `MODEL_REFUSED`. */
export function openAdmission({ model: { admission } }: Settings): (model: LocalModel) => Promise<void> {
  const limits = {
    entryFile: builtEntry('admit-model'),
    seconds: admission.deadlineSeconds,
    bytes: admission.maxMemoryMebibytes * MEBIBYTE,
  };
  return admitOnce((model) => admitModel(model, limits));
}

/** A scorer that checks each model in a process of its own before its threads see it; they start now, without a model. */
export function openModelSwitch(
  settings: Settings,
  policy: CurrentPolicy,
  events: Pick<ScorePoolOptions, 'onThreadLost' | 'restoreModel'>,
): ModelSwitch {
  return new ModelSwitch({
    admit: openAdmission(settings),
    pool: new ScorePool({
      policy,
      threads: settings.pool.threads,
      threadFile: builtEntry('score-batch'),
      ...events,
    }),
  });
}

/** What scores a sample without effect, in a process of its own that others come before. */
export function openShadowScorer(
  settings: Settings,
  policy: CurrentPolicy,
  model: () => LocalModel | null,
): IsolatedScorer {
  return new IsolatedScorer({
    ...{ policy, model, entryFile: builtEntry('score-alone') },
    ...{ seconds: 30, bytes: settings.model.admission.maxMemoryMebibytes * MEBIBYTE },
    ...{ idleSeconds: 600, niceness: 10 },
  });
}

/** What scores messages in a process of its own, which may crash, with the model that is active. */
export function openIsolatedScorer(
  settings: Settings,
  policy: CurrentPolicy,
  model: () => LocalModel | null,
): IsolatedScorer {
  return new IsolatedScorer({
    policy,
    model,
    entryFile: builtEntry('score-alone'),
    // Less than the time in which a service manager wants to see progress.
    seconds: 30,
    bytes: settings.model.admission.maxMemoryMebibytes * MEBIBYTE,
  });
}
