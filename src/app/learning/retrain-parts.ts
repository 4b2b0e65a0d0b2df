import { readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FolderModelStore } from '../../adapters/folder/folder-model-store.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Gate } from '../../core/gate-report.ts';
import { modelDataFile } from '../../core/model-data.ts';
import type { IntendedPromotion, RetrainRun } from '../../core/retrain-run.ts';
import type { Champion, RetrainParts } from '../../learning/retrain.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import type { RetrainStore } from '../../ports/retrain-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { Profile } from '../../training/profiles.ts';
import type { TrainingProgress } from '../../training/training-progress.ts';
import { modelFacts } from '../models/model-facts.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { openAdmission } from '../open/open-model-switch.ts';
import { trainOn } from '../tasks/train-on.ts';
import { assembleFor } from './assemble.ts';
import { championOf } from './champion.ts';
import { compareOn } from './compare.ts';
import { type GivenModel, givenParts } from './given-model.ts';

/** How the new model is trained. */
export interface RetrainTraining {
  readonly profile: Profile;
  readonly seed: number;
  /** Base models trained at once. */
  readonly jobs: number;
  /** Folder that gets the model's folder and keeps it; left out, one of the run, which the next run removes. */
  readonly out?: string;
  readonly languages?: readonly string[];
  readonly ownDomains?: readonly string[];
  readonly progress: TrainingProgress;
  readonly clock?: Clock;
  readonly gate: Gate;
  /** Nothing is assembled and trained then. */
  readonly given?: GivenModel;
}

const runFolder = /^run-\d+$/;

/** The steps of a retraining on what the settings name. Nothing is opened before it is asked. */
export function retrainParts(
  settings: Settings,
  log: Log,
  runs: RetrainStore,
  training: RetrainTraining,
): RetrainParts {
  const store = openModelStore(settings);
  const activation = openModelActivation(settings);
  const registry = openModelRegistry(settings);
  const { folder, lockSeconds } = settings.retrain.run;
  const folderOf = (run: RetrainRun) => join(folder, `run-${run.id}`);
  return {
    ...{ runs, activation, registry, log, lockSeconds, clock: training.clock ?? systemClock },
    champion: () => activeModel(settings, registry, log),
    activatedVersion: async () => (await activation.read())?.active.version ?? null,
    assemble: async (run, champion, signal) => {
      await removeOthers(folder, run);
      const out = join(folderOf(run), 'data');
      return await step(training.progress, 'assemble data', () =>
        assembleFor(settings, { out, champion, seed: training.seed, log, signal }),
      );
    },
    train: async (run, { folder: dataset }, signal) => {
      const { profile, seed, jobs, languages, ownDomains, progress, out } = training;
      const { rejectMin, rejectMax } = settings.decide;
      const trained = await trainOn({
        ...{ data: { folder: dataset }, profile, seed, jobs, progress, signal },
        out: out ?? join(folderOf(run), 'model'),
        thresholds: { rejectMin, rejectMax },
        ...(languages === undefined ? {} : { languages }),
        ownDomains: ownDomains ?? [],
      });
      return { version: trained.version, sha256: trained.sha256, path: resolve(trained.path) };
    },
    ...(training.given === undefined ? {} : givenParts(training.given)),
    compare: async (champion, challenger, { folder: data }, signal) => {
      const { report } = await step(training.progress, 'compare models', () =>
        compareOn(settings, {
          ...{ data: [data], gate: training.gate, log, signal },
          champion: champion === null ? null : { version: champion.version },
          challenger: { folder: challenger.path },
        }),
      );
      return report;
    },
    clearCutOff: () => removeText(folder),
    find: (intended) => findModel(store, intended),
    facts: (model) => modelFacts(model, `${store.location}/${model.version}`),
    admit: openAdmission(settings),
    push: (model) => store.push(model),
    clear: async (run) => {
      await rm(join(folderOf(run), 'data'), { recursive: true, force: true });
      // It is in the model store, and nobody asks for it here.
      if (run.state === 'promoted' || run.challenger === null)
        await rm(folderOf(run), { recursive: true, force: true });
    },
  };
}

/** The model that daemons with these settings score with. Throws `DATA_INVALID` where its test set was known and is lost. */
async function activeModel(settings: Settings, registry: ModelRegistry, log: Log): Promise<Champion | null> {
  const champion = await championOf(settings, (warning) => log.warn({ warning }, 'models'));
  if (champion === null) return null;
  const { version, path, data } = champion;
  if (data !== null) return { version, data };
  const row = (await registry.list()).find((each) => each.version === version);
  if (row?.figures.gate !== undefined)
    throw new SluiceError(
      'DATA_INVALID',
      `the active model ${version} was made by a retraining, but its ${modelDataFile} is missing in ${path}, so it is not known which messages it was not trained on; restore that file from where the model was made, or activate another model`,
    );
  log.warn({ model: version }, `the active model has no ${modelDataFile}; all labels count as new`);
  return { version, data: null };
}

async function step<T>(progress: TrainingProgress, name: string, work: () => Promise<T>): Promise<T> {
  progress({ step: name, state: 'started' });
  const began = performance.now();
  const result = await work();
  progress({ step: name, state: 'finished', seconds: (performance.now() - began) / 1000 });
  return result;
}

/** Where it was trained, or in the model store. */
async function findModel(
  store: ModelStore,
  { version, sha256, path }: IntendedPromotion,
): Promise<LocalModel | undefined> {
  const isMissing = (error: unknown) =>
    error instanceof SluiceError && (error.code === 'MODEL_MISSING' || error.code === 'MODEL_CORRUPT');
  try {
    return await new FolderModelStore(dirname(path)).fetch(version, sha256);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return await store.fetch(version, sha256);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What earlier runs on this machine have left: text of one that was killed, and models that were refused. */
/** Of every run that was begun here. The caller holds the lock, so none is under way. */
async function removeText(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names)
    if (runFolder.test(name)) await rm(join(folder, name, 'data'), { recursive: true, force: true });
}

async function removeOthers(folder: string, run: RetrainRun): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names)
    if (runFolder.test(name) && name !== `run-${run.id}`)
      await rm(join(folder, name), { recursive: true, force: true });
}
