import { CurrentPolicy } from '../../scoring/current-policy.ts';
import { ScorePool } from '../../scoring/score-pool.ts';
import type { TextScore, TextToScore } from '../../training/fit-windows.ts';
import type { OpenTextScorer } from '../../training/train.ts';
import { type TrainedModel, type TrainOptions, trainModel } from '../../training/train.ts';
import { findTrainerHome } from '../../training/trainer-home.ts';
import { readDataFolder } from '../learning/read-data-folder.ts';
import { openData } from '../open/open-data.ts';
import { builtEntry, packageRoot } from '../package-root.ts';

export interface TrainOn extends Omit<TrainOptions, 'data' | 'trainerHome' | 'probes' | 'openScorer'> {
  /** As {@link openData} takes them, or the folder of a data set that was assembled. */
  readonly data: readonly string[] | { readonly folder: string };
}

/** Trains a model with the trainer of this installation. Throws as `openData` or `readDataFolder`, and `trainModel` do. */
export async function trainOn({ data, ...options }: TrainOn): Promise<TrainedModel> {
  const trainerHome = findTrainerHome(packageRoot());
  return await trainModel({
    ...options,
    data: 'folder' in data ? await readDataFolder(data.folder) : await openData(data, options.signal),
    trainerHome,
    openScorer: textScorer(options.jobs ?? 1),
  });
}

/** How many texts a thread gets at once. */
const BATCH = 512;
/** More than any text of the training data has in JSON. */
const MOST_BYTES = 1_000_000;

/** Scores texts in as many threads, as the pipeline does. */
function textScorer(threads: number): OpenTextScorer {
  return async (model) => {
    const limits = { rejectMin: 0.5, rejectMax: 1 };
    const policy = {
      default: limits,
      communities: {},
      exactScores: 'all',
      maxMessageBytes: MOST_BYTES,
    } as const;
    const pool = new ScorePool({
      policy: new CurrentPolicy(policy),
      threads,
      threadFile: builtEntry('score-batch'),
      onThreadLost: () => {},
    });
    await pool.use(model);
    return {
      score: async (texts) => {
        const batches: Promise<readonly (TextScore | null)[]>[] = [];
        for (let at = 0; at < texts.length; at += BATCH)
          batches.push(scoreBatch(pool, texts.slice(at, at + BATCH)));
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
  const batch = texts.map(({ text, language }, at) =>
    Buffer.from(JSON.stringify({ message: text, message_id: String(at), ...(language ? { language } : {}) })),
  );
  const { scored } = await pool.score(batch, { every: true, exactScores: 'all', explain: true });
  const found = new Array<TextScore | null>(texts.length).fill(null);
  for (const { index, probability, members } of scored)
    if (probability !== null && members !== undefined) found[index] = { probability, members };
  return found;
}
