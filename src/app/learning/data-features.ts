import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Featurizer } from '../../text/featurizer.ts';
import { languageTags } from '../../text/languages/languages.ts';
import { collectDataSet } from '../../training/collect-data-set.ts';
import { writeFeatureMatrix } from '../../training/feature-matrix.ts';
import { featuresOf, type Profile } from '../../training/profiles.ts';
import { readDataFolder } from './read-data-folder.ts';

export interface DataFeaturesOrder {
  /** Folder of an assembled data set. */
  readonly dataset: string;
  readonly profile: Profile;
  /** Created, or replaced. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

export interface DataFeatures {
  /** Absolute. */
  readonly path: string;
  readonly training: number;
  readonly heldOut: number;
  /** Different ones. */
  readonly words: number;
}

/** File with the words of the matrix, by id. */
const WORDS = 'words.json';

/**
 * Writes how often each word occurs in each message of a data set: a feature matrix that `native-models/sluice_trainer/matrix.py` reads,
 * with the held-out messages as its testing part. It has words and no messages. Throws `DATA_UNREADABLE` and `DATA_INVALID`.
 */
export async function writeDataFeatures({
  dataset,
  profile,
  out,
  signal,
}: DataFeaturesOrder): Promise<DataFeatures> {
  const features = featuresOf(profile);
  const collected = await collectDataSet(await readDataFolder(dataset), {
    isWeighted: features.isWeighted,
    signal,
  });
  const { featureSet } = features;
  const featurizer = new Featurizer({ languages: languageTags, ownDomains: [], featureSet });
  const path = resolve(out);
  await rm(path, { recursive: true, force: true });
  const wordsOnly = { ...features, families: ['words'], pieces: false } as const;
  const { names } = await writeFeatureMatrix(path, collected, [], featurizer, wordsOnly, signal);
  await writeFile(join(path, WORDS), JSON.stringify(names.words));
  const heldOut = collected.messages.filter(({ forTesting }) => forTesting).length;
  return { path, training: collected.messages.length - heldOut, heldOut, words: names.words.length };
}
