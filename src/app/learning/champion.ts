import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../core/errors.ts';
import { type ModelData, modelDataFile, modelDataSchema } from '../../core/model-data.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openModelManager } from '../models/manage-models.ts';

/** A model on this machine's disk, and what it was trained on. */
export interface ModelWithData {
  readonly version: string;
  readonly path: string;
  /** Null where its folder does not say: it was trained with `--data`, or before there was such a file. */
  readonly data: ModelData | null;
}

/** What a model's folder says of the data that it was trained on. Throws `MODEL_CORRUPT` for a file that cannot be understood. */
export async function modelDataOf(path: string): Promise<ModelData | null> {
  const file = join(path, modelDataFile);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  let facts: unknown;
  try {
    facts = JSON.parse(text);
  } catch {
    facts = undefined;
  }
  const parsed = modelDataSchema.safeParse(facts);
  if (!parsed.success)
    throw new SluiceError(
      'MODEL_CORRUPT',
      `${file} does not state what the model was trained on; push the model again from where it was made`,
    );
  return parsed.data;
}

/** The model that a daemon with these settings uses; null where there is none. */
export async function championOf(
  settings: Settings,
  warn: (text: string) => void,
): Promise<ModelWithData | null> {
  const manager = openModelManager(settings, warn);
  const version = await manager.chosen();
  return version === undefined ? null : await pulled(manager, version);
}

/** A version of the model store. Throws `MODEL_MISSING`. */
export async function modelWithData(
  settings: Settings,
  version: string,
  warn: (text: string) => void,
): Promise<ModelWithData> {
  return await pulled(openModelManager(settings, warn), version);
}

async function pulled(
  manager: Pick<ReturnType<typeof openModelManager>, 'pull'>,
  wanted: string,
): Promise<ModelWithData> {
  const { version, path } = await manager.pull(wanted);
  return { version, path, data: await modelDataOf(path) };
}
