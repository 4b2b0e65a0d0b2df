import { basename, dirname, resolve } from 'node:path';
import type { Log } from '../../ports/log.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { fetchModel } from '../models/fetch-model.ts';
import { type OpenScorer, openScorerOf } from '../models/open-scorer.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';

/** A model of the model store: a version, `active` or `latest`; or the folder of one that need not be in the store. */
export type ChosenModel = { readonly version: string } | { readonly folder: string };

/**
 * Opens a scorer with a model, after the admission check. Never with another model than the chosen one, as a daemon may when the store does
 * not answer. Throws as `fetchModel` does, and `MODEL_REFUSED`.
 */
export async function openChosenModel(
  settings: Settings,
  chosen: ChosenModel,
  log: Log,
): Promise<OpenScorer> {
  const { model, store } = await fetchChosen(settings, chosen);
  return await openScorerOf(model, settings, log, store);
}

async function fetchChosen(
  settings: Settings,
  chosen: ChosenModel,
): Promise<{ readonly model: LocalModel; readonly store: ModelStore }> {
  if ('folder' in chosen) {
    const folder = resolve(chosen.folder);
    const store = openModelStore({
      model: { ...settings.model, store: 'folder', localPath: dirname(folder) },
    });
    return { model: await store.fetch(basename(folder)), store };
  }
  const wanted = { ...settings, model: { ...settings.model, version: chosen.version } };
  const store = openModelStore(wanted);
  const activation = openModelActivation(wanted);
  return { model: await fetchModel({ store, activation }, wanted), store };
}
