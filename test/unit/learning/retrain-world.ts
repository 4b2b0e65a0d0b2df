import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FolderActivation } from '../../../src/adapters/folder/folder-activation.ts';
import { FolderModelStore } from '../../../src/adapters/folder/folder-model-store.ts';
import { libsqlModelRegistry } from '../../../src/adapters/libsql/libsql-model-registry.ts';
import { openLibsqlRetrainStore } from '../../../src/adapters/libsql/libsql-retrain-store.ts';
import type { ModelData } from '../../../src/core/model-data.ts';
import type { RetrainParts } from '../../../src/learning/retrain.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { reportOf } from '../../contract/suites/gate-report-of.ts';

const silent: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
};

/** Data of `spam` and `ham` messages to train on, and as many held out. */
export function dataOf(spam: number, ham: number, heldOut = 10): ModelData {
  const counts = { training: { spam, ham }, heldOut: { spam: heldOut, ham: heldOut } };
  return {
    ...{ schema: 1, assembledAt: 0, labelsUntil: 0, seed: 0, limits: {} },
    sources: [
      {
        name: 'own',
        kind: 'base',
        read: spam + ham + 2 * heldOut,
        ...counts,
        leftOut: {},
        rows: [],
        heldOutRows: [],
      },
    ],
    hashes: { training: '', heldOut: '' },
    contradictions: { count: 0, first: [] },
  } as ModelData;
}

export interface WorldOptions {
  /** Has `models`, the model store; `made`, what trainings make, in the order of their names; and `sluice.db`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly lockSeconds?: number;
  /** The gate's answer. */
  readonly promotes?: boolean;
  readonly newLabels?: number;
  readonly data?: ModelData;
}

/**
 * A retraining on a folder of models and an embedded database; what takes long is a fake: a training gives the first model of `made` that is
 * newer than the active one.
 */
export async function worldOf(options: WorldOptions): Promise<RetrainParts> {
  const { folder, clock, promotes = true, newLabels = 7, data = dataOf(10, 20) } = options;
  const path = join(folder, 'sluice.db');
  const models = new FolderModelStore(join(folder, 'models'));
  const made = new FolderModelStore(join(folder, 'made'));
  const activation = new FolderActivation(join(folder, 'models'));
  const active = async () => (await activation.read())?.active.version ?? null;
  return {
    ...{ clock, log: silent, activation, lockSeconds: options.lockSeconds ?? 60 },
    runs: await openLibsqlRetrainStore(path, () => clock.now()),
    registry: libsqlModelRegistry(path, () => clock.now()),
    champion: async () => {
      const version = await active();
      return version === null ? null : { version, data: dataOf(1, 1) };
    },
    activatedVersion: active,
    assemble: async () => ({ folder: join(folder, 'data'), data, newLabels }),
    train: async () => {
      const before = (await active()) ?? '';
      const next = readdirSync(join(folder, 'made'))
        .sort()
        .find((version) => version > before);
      if (next === undefined) throw new Error('there is no model to be trained');
      return await made.fetch(next);
    },
    compare: async (champion, { version }) => reportOf(version, promotes, champion?.version ?? null),
    find: async ({ version, sha256 }) =>
      await made.fetch(version, sha256).catch(() => models.fetch(version, sha256).catch(() => undefined)),
    facts: async ({ version, sha256 }) => ({
      ...{ version, sha256, path: join(models.location, version), figures: { mcc_at_half: 0.9 } },
      ...{ truePositiveRate: 0.9, falsePositiveRate: 0.01 },
    }),
    admit: async () => {},
    push: (model) => models.push(model),
    clear: async () => {},
    clearCutOff: async () => {},
  };
}
