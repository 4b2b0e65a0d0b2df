import { type Activations, knownSha256 } from '../../core/activations.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';

export interface Models {
  readonly store: ModelStore;
  readonly activation: ModelActivation;
  /** Asked for a manifest's hash that the activation does not know; one that does not answer is no hindrance. */
  readonly registry?: Pick<ModelRegistry, 'sha256Of'>;
}

/** A version, and the SHA-256 of its manifest where that is known by what was activated. */
export interface WantedModel {
  readonly version: string;
  readonly sha256: string | undefined;
}

/** The version that the settings name. Throws as {@link fetchModel}. */
export async function wantedModel({ store, activation }: Models, { model }: Settings): Promise<WantedModel> {
  if (model.version === 'active') {
    const activations = await activation.read();
    const version = activations?.active.version ?? (await newest(store));
    return { version, sha256: knownSha256(version, activations) };
  }
  if (model.version === 'latest') return { version: await newest(store), sha256: undefined };
  const { version } = model;
  return { version, sha256: knownSha256(version, await readIfThere(activation)) };
}

/** It on this machine's disk, held to its manifest's hash where any place knows that. Throws as {@link fetchModel}. */
export async function fetchWanted(
  { store, registry }: Models,
  { version, sha256 }: WantedModel,
): Promise<LocalModel> {
  const known = sha256 ?? (await registry?.sha256Of(version).catch(() => undefined));
  return await store.fetch(version, known);
}

/**
 * The version that the settings name, on this machine's disk. Throws `MODEL_MISSING`, `MODEL_CORRUPT` (also where its
 * manifest is not the one that was activated), or `MODEL_STORE_FAILED` (retriable) where the store does not answer.
 */
export async function fetchModel(models: Models, settings: Settings): Promise<LocalModel> {
  return await fetchWanted(models, await wantedModel(models, settings));
}

/**
 * As {@link fetchModel}; but where the store does not answer, the version that was active last, if that is whole on this disk,
 * and why.
 */
export async function fetchModelOrLastGood(
  models: Models,
  settings: Settings,
): Promise<{ readonly model: LocalModel; readonly insteadBecause?: SluiceError }> {
  try {
    return { model: await fetchModel(models, settings) };
  } catch (error) {
    if (!(error instanceof SluiceError) || !error.retriable) throw error;
    const model = await models.store.lastGood();
    if (model === undefined) throw error;
    return { model, insteadBecause: error };
  }
}

async function newest(store: ModelStore): Promise<string> {
  const [version] = await store.list();
  if (version !== undefined) return version;
  throw new SluiceError(
    'MODEL_MISSING',
    `there is no model in ${store.location}; train one (sluice train --help), push one, or set model.localPath`,
  );
}

/** A version that is named needs no word of which is active; its hash is checked where it can be known. */
async function readIfThere(activation: ModelActivation): Promise<Activations | undefined> {
  try {
    return await activation.read();
  } catch {
    return undefined;
  }
}
