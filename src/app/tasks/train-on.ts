import type { DataSet } from '../../ports/data-set.ts';
import type { LabelledMessages } from '../../ports/labelled-messages.ts';
import type { ScorePool } from '../../scoring/score-pool.ts';
import type { TextScore, TextToScore } from '../../training/fit-windows.ts';
import { isForTesting, testingKey } from '../../training/testing-part.ts';
import type { OpenTextScorer } from '../../training/train.ts';
import { type TrainedModel, type TrainOptions, trainModel } from '../../training/train.ts';
import { findTrainerHome } from '../../training/trainer-home.ts';
import { readDataFolder } from '../learning/read-data-folder.ts';
import { addReference } from '../models/model-reference.ts';
import { openTextPool, TEXT_BATCH, textMessage } from '../models/open-text-pool.ts';
import { openData } from '../open/open-data.ts';
import { packageRoot } from '../package-root.ts';

export interface TrainOn extends Omit<TrainOptions, 'data' | 'trainerHome' | 'probes' | 'openScorer'> {
  /** As {@link openData} takes them, or the folder of a data set that was assembled. */
  readonly data: readonly string[] | { readonly folder: string };
}

/**
 * Trains a model with the trainer of this installation, and writes down what its testing part looks like to it. Throws as `openData` or
 * `readDataFolder`, `trainModel` and `addReference` do.
 */
export async function trainOn({ data, ...options }: TrainOn): Promise<TrainedModel> {
  const trainerHome = findTrainerHome(packageRoot());
  const read = 'folder' in data ? await readDataFolder(data.folder) : await openData(data, options.signal);
  const threads = options.jobs ?? 1;
  const model = await trainModel({ ...options, data: read, trainerHome, openScorer: textScorer(threads) });
  const { thresholds } = model.manifest;
  await addReference(model, heldOutOf(read), { thresholds, threads, signal: options.signal });
  return model;
}

/** The messages that no model may be trained on, each once. */
export async function* heldOutOf(
  data: readonly LabelledMessages[] | DataSet,
): AsyncGenerator<{ readonly text: string }> {
  if ('bytes' in data) {
    yield* data.heldOut();
    return;
  }
  const seen = new Set<string>();
  for (const set of data)
    for await (const message of set.read()) {
      const key = testingKey(message.text);
      if (seen.has(key)) continue;
      seen.add(key);
      if (isForTesting(message)) yield message;
    }
}

/** Scores texts in as many threads, as the pipeline does. */
function textScorer(threads: number): OpenTextScorer {
  return async (model) => {
    const pool = await openTextPool(model, { rejectMin: 0.5, rejectMax: 1, exactScores: 'all', threads });
    return {
      score: async (texts) => {
        const batches: Promise<readonly (TextScore | null)[]>[] = [];
        for (let at = 0; at < texts.length; at += TEXT_BATCH)
          batches.push(scoreBatch(pool, texts.slice(at, at + TEXT_BATCH)));
        return (await Promise.all(batches)).flat();
      },
      close: () => pool.close(),
    };
  };
}

async function scoreBatch(
  pool: ScorePool,
  texts: readonly TextToScore[],
): Promise<readonly (TextScore | null)[]> {
  const batch = texts.map(textMessage);
  const { scored } = await pool.score(batch, { every: true, exactScores: 'all', explain: true });
  const found = new Array<TextScore | null>(texts.length).fill(null);
  for (const { index, probability, members } of scored)
    if (probability !== null && members !== undefined) found[index] = { probability, members };
  return found;
}
