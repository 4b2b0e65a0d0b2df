import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FolderModelStore } from '../adapters/folder/folder-model-store.ts';
import { type ActivatedModel, type Activations, activated, rolledBack } from '../core/activations.ts';
import { SluiceError } from '../core/errors.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { fetchModel, type Models } from './fetch-model.ts';
import { openModelActivation, openModelStore } from './open-model-store.ts';

/** Told after it was done, so that it can be written down where models are accounted for. */
export type RecordModel = (
  what: 'pushed' | 'activated' | 'rolled-back',
  model: ActivatedModel,
) => Promise<void>;

/** What people do with models. Throws as `ModelStore` and `ModelActivation` do. */
export interface ModelManager {
  /** For people: where the models are, and where it is said which is active. */
  readonly places: { readonly models: string; readonly active: string };
  list(): Promise<readonly string[]>;
  active(): Promise<Activations | undefined>;
  /** The version that the settings choose; undefined where there is none. */
  chosen(): Promise<string | undefined>;
  /** A folder that is named after its version, or a version in `model.localPath`; the newest there where left out. */
  push(model: string | undefined): Promise<LocalModel>;
  /** Brings a version, or the chosen one, to this machine's disk. */
  pull(version: string | undefined): Promise<LocalModel>;
  /** Verifies a version and makes it the one that judges. */
  activate(version: string): Promise<Activations>;
  /** Makes what was active before active again; undefined where nothing was. */
  rollback(): Promise<Activations | undefined>;
}

export function openModelManager(settings: Settings, record: RecordModel = async () => {}): ModelManager {
  const models: Models = { store: openModelStore(settings), activation: openModelActivation(settings) };
  const { store, activation } = models;
  const write = async (activations: Activations, what: 'activated' | 'rolled-back') => {
    await activation.write(activations);
    await record(what, activations.active);
    return activations;
  };
  const verified = async (version: string, sha256?: string): Promise<ActivatedModel> =>
    await withHash(await store.fetch(version, sha256));
  return {
    places: { models: store.place, active: activation.place },
    list: () => store.list(),
    active: () => activation.read(),
    chosen: async () => {
      const { version } = settings.model;
      if (version !== 'active' && version !== 'latest') return version;
      const active = version === 'active' ? (await activation.read())?.active.version : undefined;
      return active ?? (await store.list())[0];
    },
    push: async (model) => {
      const local = await findModel(settings.model.localPath, model);
      await store.push(local);
      await record('pushed', await withHash(local));
      return local;
    },
    pull: async (version) =>
      version === undefined ? await fetchModel(models, settings) : await store.fetch(version),
    activate: async (version) => {
      const model = await verified(version);
      return await write(activated(model, await activation.read()), 'activated');
    },
    rollback: async () => {
      const before = rolledBack(await activation.read());
      if (before === undefined) return undefined;
      const active = await verified(before.active.version, before.active.sha256);
      return await write({ ...before, active }, 'rolled-back');
    },
  };
}

/** A folder of a model, whole. Throws `MODEL_MISSING` or `MODEL_CORRUPT`. */
async function findModel(localPath: string, model: string | undefined): Promise<LocalModel> {
  const isPath = model !== undefined && basename(model) !== model;
  const local = new FolderModelStore(isPath ? dirname(resolve(model)) : localPath);
  const version = model === undefined ? (await local.list())[0] : basename(model);
  if (version !== undefined) return await local.fetch(version);
  throw new SluiceError('MODEL_MISSING', `there is no model in ${localPath}; name the folder of one`);
}

async function withHash({ version, path }: LocalModel): Promise<ActivatedModel> {
  const manifest = await readFile(join(path, 'manifest.json'));
  return { version, sha256: createHash('sha256').update(manifest).digest('hex') };
}
