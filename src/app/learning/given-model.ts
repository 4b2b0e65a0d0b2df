import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FolderModelStore } from '../../adapters/folder/folder-model-store.ts';
import { SluiceError } from '../../core/errors.ts';
import { modelDataFile } from '../../core/model-data.ts';
import type { RetrainParts } from '../../learning/retrain.ts';
import { readDataFolder } from './read-data-folder.ts';

/** What an earlier `sluice dataset assemble` and `sluice train --dataset` have made; both stay. */
export interface GivenModel {
  readonly dataset: string;
  /** The model's folder. */
  readonly model: string;
}

/**
 * The steps of a retraining of which the first two have been done. Throws what the folders' readers throw, and `DATA_INVALID` for a model that
 * was trained on other data: it may know messages that it would be compared on.
 */
export function givenParts({ dataset, model }: GivenModel): Pick<RetrainParts, 'assemble' | 'train'> {
  return {
    assemble: async () => {
      const { path, data } = await readDataFolder(dataset);
      // Whether labels are new was for the one to ask who assembled it.
      return { folder: path, data, newLabels: 0 };
    },
    train: async () => {
      const path = resolve(model);
      const [{ bytes }, own] = [
        await readDataFolder(dataset),
        await readFile(join(path, modelDataFile)).catch(() => undefined),
      ];
      if (own === undefined || Buffer.compare(bytes, own) !== 0)
        throw new SluiceError(
          'DATA_INVALID',
          `the model ${path} was not trained on the data set ${dataset}, by their ${modelDataFile}; train it with "sluice train --dataset ${dataset}"`,
        );
      return await new FolderModelStore(dirname(path)).fetch(basename(path));
    },
  };
}
