import { join } from 'node:path';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { packageRoot } from '../../src/app/package-root.ts';
import { SluiceError } from '../../src/core/errors.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';

/** What the command line says; each bench takes what it understands. */
export interface BenchOptions {
  /** A folder of models, one folder a version. */
  readonly models: string;
  /** As `sluice evaluate --data`; empty for the default stream. */
  readonly data: readonly string[];
  /** Messages a run, where the bench lets one choose. */
  readonly messages?: number;
  readonly runs?: number;
  readonly threads?: number;
  /** Of what is trained. */
  readonly profile?: string;
  /** What `--peer` says: `none`, or what the bench knows. */
  readonly peers: readonly string[];
  /** Progress, for people. */
  readonly say: (text: string) => void;
}

/** The newest model of the folder. Throws `MODEL_MISSING`. */
export async function newestModel(models: string): Promise<LocalModel> {
  const store = new FolderModelStore(models);
  const [version] = await store.list();
  if (version === undefined)
    throw new SluiceError(
      'MODEL_MISSING',
      `there is no model in ${models}; name another folder with --model`,
    );
  return await store.fetch(version);
}

export function defaultModels(): string {
  return join(packageRoot(), 'native-models', 'default');
}
