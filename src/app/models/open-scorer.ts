import type { Explanation } from '../../core/explanation.ts';
import type { Message } from '../../core/message.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import { policyFor } from '../../decide/reject-option.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import type { Scorer } from '../../ports/scorer.ts';
import { CurrentPolicy } from '../../scoring/current-policy.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { openModelSwitch } from '../open/open-model-switch.ts';
import { fetchModelOrLastGood } from './fetch-model.ts';
import { manifestOf } from './manifest-of.ts';
import { openExplainer } from './open-explainer.ts';
import { restoreModel } from './restore-model.ts';

/** A scorer without a pipeline around it. */
export interface OpenScorer {
  readonly scorer: Scorer;
  readonly manifest: ModelManifest;
  readonly version: string;
  /** The model's folder on this disk. */
  readonly path: string;
  /** Loads what the reasons of scores take, in this thread; what it returns is null for a message that has no score. */
  openExplainer?(): Promise<(message: Message) => Explanation | null>;
  close(): Promise<void>;
}

/** Opens the scorer of the daemon, with its threads and the model that the settings choose, without a pipeline. */
export async function openScorer(settings: Settings, log: Log): Promise<OpenScorer> {
  const models = { store: openModelStore(settings), activation: openModelActivation(settings) };
  const { model, insteadBecause } = await fetchModelOrLastGood(models, settings);
  if (insteadBecause !== undefined)
    log.warn({ model: model.version, error: insteadBecause.message }, 'using the model that was active last');
  return await openScorerOf(model, settings, log, models.store);
}

/** The same with a model that is on this disk. `store`: where its files are fetched again when they are found changed. */
export async function openScorerOf(
  model: LocalModel,
  settings: Settings,
  log: Log,
  store: Pick<ModelStore, 'fetch'>,
): Promise<OpenScorer> {
  const policy = policyOf(settings);
  const scorer = openModelSwitch(settings, new CurrentPolicy(policy), {
    onThreadLost: () => log.warn({}, 'a scoring thread died'),
    restoreModel: restoreModel(store, log),
  });
  try {
    const manifest = await manifestOf(model);
    await scorer.install(model);
    return {
      scorer,
      manifest,
      version: model.version,
      path: model.path,
      openExplainer: async () => {
        const explainer = await openExplainer(model);
        return ({ message, community, language }) =>
          explainer.explain(message, policyFor(policy, community), language);
      },
      close: () => scorer.close(),
    };
  } catch (error) {
    await scorer.close();
    throw error;
  }
}
