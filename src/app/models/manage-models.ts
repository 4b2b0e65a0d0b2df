import { hostname, userInfo } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { FolderModelStore } from '../../adapters/folder/folder-model-store.ts';
import { type Activations, activated, rolledBack } from '../../core/activations.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type {
  ModelDecision,
  ModelFacts,
  ModelRegistry,
  RegisteredModel,
} from '../../ports/model-registry.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { fetchModel, type Models } from './fetch-model.ts';
import { modelFacts } from './model-facts.ts';

/** How a version becomes active; without it by whom this process belongs to, for no stated reason. */
export interface ActivationRequest {
  readonly who?: string;
  readonly reason?: string;
  /** Checks the model before it becomes active. Throws `MODEL_REFUSED`. A daemon checks it in any case before it uses it. */
  readonly admit?: (model: LocalModel) => Promise<void>;
  /** Gets what is activated right before that is replaced; what it throws prevents it. */
  readonly confirm?: (now: Activations | undefined) => void;
  /** Called where the change could not be recorded. Where it is given, nothing is changed while the database does not answer. */
  readonly onUnrecorded?: () => void;
}

/** What people do with models. Throws as `ModelStore` and `ModelActivation` do. */
export interface ModelManager {
  /** For people: where the models are, where it is recorded which is active, and where they are registered. */
  readonly locations: { readonly models: string; readonly active: string; readonly registry: string };
  list(): Promise<readonly string[]>;
  /** What is written down of models in the database; undefined, with a warning, where that cannot be read. */
  registered(): Promise<readonly RegisteredModel[] | undefined>;
  active(): Promise<Activations | undefined>;
  /** The version that the settings choose; undefined where there is none. */
  chosen(): Promise<string | undefined>;
  /** A folder that is named after its version, or a version in `model.localPath`; the newest there where left out. */
  push(model: string | undefined): Promise<LocalModel>;
  /** Brings a version, or the chosen one, to this machine's disk. */
  pull(version: string | undefined): Promise<LocalModel>;
  /** Verifies a version and makes it the active one. */
  activate(version: string, request?: ActivationRequest): Promise<Activations>;
  /** Makes what was active before active again; undefined where nothing was. */
  rollback(request?: ActivationRequest): Promise<Activations | undefined>;
}

/**
 * What is done is written down in the database. That it could not be is a warning and no error: it has been done, and a
 * rollback that is tried again because of it would go one version too far.
 */
export function openModelManager(
  settings: Settings,
  warn: (text: string) => void,
  registry: ModelRegistry = openModelRegistry(settings),
): ModelManager {
  const store = openModelStore(settings);
  const activation = openModelActivation(settings);
  const models: Models = { store, activation, registry };
  const written = async (what: string, write: () => Promise<void>, onFailure?: () => void) => {
    try {
      await write();
    } catch (error) {
      onFailure?.();
      // Two models of one name.
      if (error instanceof SluiceError && error.code === 'MODEL_CORRUPT') throw error;
      warn(`${what}, but that could not be recorded in ${registry.location}: ${describeError(error)}`);
    }
  };
  const factsOf = (model: LocalModel) => modelFacts(model, `${store.location}/${model.version}`);
  const activate = activator({ ...models, registry, factsOf, written });
  return {
    locations: { models: store.location, active: activation.location, registry: registry.location },
    list: () => store.list(),
    registered: async () => {
      try {
        return await registry.list();
      } catch (error) {
        warn(`${registry.location} cannot be read: ${describeError(error)}`);
        return undefined;
      }
    },
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
      const facts = await factsOf(local);
      await written(`${local.version} is pushed`, () => registry.pushed(facts));
      return local;
    },
    pull: async (version) =>
      version === undefined ? await fetchModel(models, settings) : await store.fetch(version),
    activate: (version, request = {}) =>
      activate(version, undefined, 'activated', request, ({ sha256 }, now) =>
        activated({ version, sha256 }, now),
      ),
    rollback: async (request = {}) => {
      const before = rolledBack(await activation.read());
      if (before === undefined) return undefined;
      const { version, sha256 } = before.active;
      return await activate(version, sha256, 'rolled back to', request, (model) => ({
        ...before,
        active: { version, sha256: model.sha256 },
      }));
    },
  };
}

interface Activating extends Required<Omit<Models, 'registry'>> {
  readonly registry: ModelRegistry;
  readonly factsOf: (model: LocalModel) => Promise<ModelFacts>;
  readonly written: (what: string, write: () => Promise<void>, onFailure?: () => void) => Promise<void>;
}

/** The one way in which a version becomes active. `plan`: the activations to write, of those that there are by then. */
function activator({ store, activation, registry, factsOf, written }: Activating) {
  return async (
    version: string,
    sha256: string | undefined,
    how: ModelDecision['how'],
    request: ActivationRequest,
    plan: (model: LocalModel, now: Activations | undefined) => Activations,
  ): Promise<Activations> => {
    const { who = whoIsThis(), reason, admit, confirm, onUnrecorded } = request;
    const model = await store.fetch(version, sha256);
    const facts = await factsOf(model);
    await admit?.(model);
    if (onUnrecorded !== undefined) await registry.pushed(facts);
    const now = await activation.read();
    confirm?.(now);
    const activations = plan(model, now);
    await activation.write(activations);
    const decision = { who, how, ...(reason === undefined ? {} : { reason }) };
    await written(`${version} is active`, () => registry.activated(facts, decision), onUnrecorded);
    return activations;
  };
}

/** Whom this process belongs to, for people. */
export function whoIsThis(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}

/** A folder of a model, whole. Throws `MODEL_MISSING` or `MODEL_CORRUPT`. */
export async function findModel(localPath: string, model: string | undefined): Promise<LocalModel> {
  const isPath = model !== undefined && basename(model) !== model;
  const local = new FolderModelStore(isPath ? dirname(resolve(model)) : localPath);
  const version = model === undefined ? (await local.list())[0] : basename(model);
  if (version !== undefined) return await local.fetch(version);
  throw new SluiceError('MODEL_MISSING', `there is no model in ${localPath}; name the folder of one`);
}
