import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trainOn } from '../../src/app/tasks/train-on.ts';
import { userCacheFolder } from '../../src/cluster/maven-folder.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import { newestModel } from '../harness/bench-options.ts';

/** What the peers are trained on where no estimators are given: only their shape matters, not their quality. */
const TRAINING_DATA = ['corpus:spam-assassin', 'corpus:chitchat:20000'];
const SYNTHETIC = { count: 4_000, spam: 0.5, seed: 2 };
/** A folder's name; another training, or another form of what the trainer keeps, needs another. */
const EDITION = 'bench-peer-3';
const JOBS = 2;

/** The base models of an ensemble as their libraries have them, see `keep_estimators` of the trainer. */
export interface PeerEstimators {
  /** joblib */
  readonly file: string;
  /** The model that was exported from them. */
  readonly model: LocalModel;
  /** For the table: what they are. */
  readonly description: string;
}

/** An ensemble of the shape that ships, trained once on what registries ship; appears whole in the user's cache. */
export async function trainedEstimators(
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<PeerEstimators> {
  const description = `of the shipped model's shape, trained on the training parts of SpamAssassin and chitchat and on synthetic messages`;
  const cache = userCacheFolder();
  const folder = join(cache, EDITION);
  const file = join(folder, 'estimators.joblib');
  if (!existsSync(folder)) {
    say('training the peer, once; this takes some minutes\n');
    await mkdir(cache, { recursive: true });
    const beside = await mkdtemp(`${folder}.making-`);
    try {
      const synthetic = join(beside, 'synthetic.jsonl');
      const lines = [...sampleMessages(SYNTHETIC)].map((message) => JSON.stringify(message));
      await writeFile(synthetic, `${lines.join('\n')}\n`);
      await trainOn({
        data: [...TRAINING_DATA, synthetic],
        out: beside,
        keepEstimators: join(beside, 'estimators.joblib'),
        jobs: JOBS,
        ...(signal === undefined ? {} : { signal }),
      });
      await rename(beside, folder);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }
  return { file, model: await newestModel(folder), description };
}
