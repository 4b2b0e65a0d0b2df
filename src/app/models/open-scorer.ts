import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '../../core/model-manifest.ts';
import { readManifest } from '../../core/read-manifest.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { PolicyInForce } from '../../scoring/policy-in-force.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { OpenScorerFor } from '../daemon.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { openModelSwitch } from '../open/open-model-switch.ts';
import { fetchModelOrLastGood } from './fetch-model.ts';
import { restoreModel } from './restore-model.ts';

/** The scorer of the daemon, with its threads, and no line around it. */
export const openScorer: OpenScorerFor = async (settings, log) => {
  const models = { store: openModelStore(settings), activation: openModelActivation(settings) };
  const { model, insteadBecause } = await fetchModelOrLastGood(models, settings);
  if (insteadBecause !== undefined)
    log.warn({ model: model.version, error: insteadBecause.message }, 'using the model that was active last');
  const scorer = openModelSwitch(settings, new PolicyInForce(policyOf(settings)), {
    onThreadLost: () => log.warn({}, 'a scoring thread died'),
    restoreModel: restoreModel(models.store, log),
  });
  try {
    const manifest = await manifestOf(model);
    await scorer.install(model);
    return { scorer, manifest, version: model.version, close: () => scorer.close() };
  } catch (error) {
    await scorer.close();
    throw error;
  }
};

/** The manifest of a model on this disk. Throws `MODEL_CORRUPT` where it is not the one that was fetched. */
export async function manifestOf({ path, version, sha256 }: LocalModel): Promise<ModelManifest> {
  const bytes = await readFile(join(path, 'manifest.json'));
  return readManifest(bytes, version, sha256).manifest;
}
