import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../src/app/package-root.ts';
import { trainOn } from '../src/app/train-on.ts';
import type { LocalModel } from '../src/ports/model-store.ts';
import { preparePython } from '../src/training/python-environment.ts';
import { sampleMessages } from '../src/training/sample-messages.ts';
import { findTrainerHome } from '../src/training/trainer-home.ts';
import { type BenchOptions, newestModel } from './bench-options.ts';
import { count } from './statistics.ts';

const BATCH_SIZES = [256, 1024, 4096, 10_240];
const PROCESSES = 2;
const TRIAL_MESSAGES = 20_480;
const MESSAGES = 40_960;
/** What the peer is trained on where no estimators are given: only its shape matters, not how well it judges. */
const TRAINING_DATA = ['corpus:spam-assassin', 'corpus:chitchat:20000'];
const MADE_UP = { count: 4_000, spam: 0.5, seed: 2 };
/** A folder's name; another training needs another. */
const EDITION = 'bench-peer-2';

export interface PeerResult {
  readonly perSecond: number;
  readonly messages: number;
  readonly spam: number;
  readonly review: number;
}

interface Estimators {
  readonly file: string;
  /** The model that was exported from them. */
  readonly model: LocalModel;
  readonly told: string;
}

/** A Python loop with scikit-learn that does what the line does, see peers/sklearn_line.py. */
export class Peer {
  readonly #python: string;
  readonly #estimators: Estimators;

  private constructor(python: string, estimators: Estimators) {
    this.#python = python;
    this.#estimators = estimators;
  }

  /** Builds the Python environment and trains the estimators where they are missing, once; both stay in the user's cache. */
  static async prepare(options: BenchOptions, model: LocalModel): Promise<Peer> {
    const trainerHome = findTrainerHome(packageRoot());
    const building = () => options.say('building the Python environment, once\n');
    const { python } = await preparePython({ trainerHome, building });
    const estimators =
      options.peer === undefined
        ? await trainedEstimators(options.say)
        : { file: options.peer, model, told: 'the estimators of this very model' };
    return new Peer(python, estimators);
  }

  get description(): string {
    return `a Python loop, ${PROCESSES} processes, scikit-learn, all members in full (${this.#estimators.told}), on the first ${count(MESSAGES)} messages; the best of the batch sizes ${BATCH_SIZES.map(count).join(', ')}`;
  }

  /** The batch size at which it is fastest. */
  async bestBatch(file: string): Promise<number> {
    let best = { batch: 0, perSecond: 0 };
    for (const batch of BATCH_SIZES) {
      const { perSecond } = await this.judge(file, batch, TRIAL_MESSAGES);
      if (perSecond > best.perSecond) best = { batch, perSecond };
    }
    return best.batch;
  }

  async judge(file: string, batch: number, messages: number = MESSAGES): Promise<PeerResult> {
    const out = await mkdtemp(join(tmpdir(), 'sluice-bench-peer-'));
    const words: Readonly<Record<string, string>> = {
      estimators: this.#estimators.file,
      vocabulary: join(this.#estimators.model.path, 'vocabulary.tsv'),
      input: file,
      out,
      messages: String(messages),
      batch: String(batch),
      processes: String(PROCESSES),
    };
    try {
      const { stdout } = await promisify(execFile)(
        this.#python,
        [
          join(packageRoot(), 'bench', 'peers', 'sklearn_line.py'),
          ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]),
        ],
        // Two processes on two cores: a library that starts threads of its own would only get in its own way.
        {
          env: {
            ...process.env,
            OMP_NUM_THREADS: '1',
            OPENBLAS_NUM_THREADS: '1',
            PYTHONDONTWRITEBYTECODE: '1',
          },
        },
      );
      const result = JSON.parse(stdout) as Omit<PeerResult, 'perSecond'> & { readonly seconds: number };
      return { ...result, perSecond: result.messages / result.seconds };
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  }
}

/** An ensemble of the shape that ships, trained on what registries ship; appears whole in the cache. */
async function trainedEstimators(say: (text: string) => void): Promise<Estimators> {
  const told = `of the shipped model's shape, trained on the training parts of SpamAssassin and chitchat and on made-up messages`;
  const given = process.env.XDG_CACHE_HOME;
  const cache = join(given?.startsWith('/') ? given : join(homedir(), '.cache'), 'sluice');
  const folder = join(cache, EDITION);
  const file = join(folder, 'estimators.joblib');
  if (!existsSync(folder)) {
    say('training the peer, once; this takes some minutes\n');
    await mkdir(cache, { recursive: true });
    const beside = await mkdtemp(`${folder}.making-`);
    try {
      const madeUp = join(beside, 'made-up.jsonl');
      const lines = [...sampleMessages(MADE_UP)].map((message) => JSON.stringify(message));
      await writeFile(madeUp, `${lines.join('\n')}\n`);
      await trainOn({
        data: [...TRAINING_DATA, madeUp],
        out: beside,
        keepEstimators: join(beside, 'estimators.joblib'),
        jobs: PROCESSES,
      });
      await rename(beside, folder);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }
  return { file, model: await newestModel(folder), told };
}
