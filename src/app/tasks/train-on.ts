import { type TrainedModel, type TrainOptions, trainModel } from '../../training/train.ts';
import { findTrainerHome } from '../../training/trainer-home.ts';
import { openData } from '../open/open-data.ts';
import { packageRoot } from '../package-root.ts';

export interface TrainOn extends Omit<TrainOptions, 'data' | 'trainerHome' | 'probes'> {
  /** As {@link openData} takes them. */
  readonly data: readonly string[];
}

/** Trains a model with the trainer of this installation. Throws as `openData` and `trainModel` do. */
export async function trainOn({ data, ...options }: TrainOn): Promise<TrainedModel> {
  const trainerHome = findTrainerHome(packageRoot());
  return await trainModel({ ...options, data: await openData(data, options.signal), trainerHome });
}
