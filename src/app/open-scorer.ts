import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, modelManifestSchema } from '../core/model-manifest.ts';
import { sha256Of } from '../core/sha256.ts';
import { PolicyInForce } from '../scoring/policy-in-force.ts';
import { policyOf } from '../settings/policy-of.ts';
import type { OpenScorerFor } from './daemon.ts';
import { fetchModelOrLastGood } from './fetch-model.ts';
import { openModelActivation, openModelStore } from './open-model-store.ts';
import { openModelSwitch } from './open-model-switch.ts';

/** The scorer of the daemon, with its threads, and no line around it. */
export const openScorer: OpenScorerFor = async (settings, log) => {
  const models = { store: openModelStore(settings), activation: openModelActivation(settings) };
  const { model, insteadBecause } = await fetchModelOrLastGood(models, settings);
  if (insteadBecause !== undefined)
    log.warn({ model: model.version, error: insteadBecause.message }, 'the model that judged last is used');
  const scorer = openModelSwitch(settings, new PolicyInForce(policyOf(settings)), () =>
    log.warn({}, 'a scoring thread died'),
  );
  await scorer.install(model).catch(async (error: unknown) => {
    await scorer.close();
    throw error;
  });
  const { manifest } = await readManifest(model.path);
  return { scorer, manifest, version: model.version, close: () => scorer.close() };
};

/** Of a folder that has been checked. */
export async function readManifest(
  modelPath: string,
): Promise<{ readonly manifest: ModelManifest; readonly sha256: string }> {
  const bytes = await readFile(join(modelPath, 'manifest.json'));
  return {
    manifest: modelManifestSchema.parse(JSON.parse(bytes.toString())),
    sha256: sha256Of(bytes),
  };
}
