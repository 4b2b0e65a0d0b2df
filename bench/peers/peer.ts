import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/app/package-root.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';
import { preparePython } from '../../src/training/python-environment.ts';
import { findTrainerHome } from '../../src/training/trainer-home.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { count } from '../report/statistics.ts';
import { type PeerEstimators, trainedEstimators } from './peer-estimators.ts';

const BATCH_SIZES = [256, 1024, 4096, 10_240];
const PROCESSES = 2;
const TRIAL_MESSAGES = 20_480;
const MESSAGES = 40_960;

export interface PeerResult {
  readonly perSecond: number;
  readonly messages: number;
  readonly spam: number;
  readonly review: number;
}

/** A Python loop with scikit-learn that does what the pipeline does, see peers/sklearn_line.py. */
export class Peer {
  readonly #python: string;
  readonly #estimators: PeerEstimators;

  private constructor(python: string, estimators: PeerEstimators) {
    this.#python = python;
    this.#estimators = estimators;
  }

  /** Builds the Python environment and trains the estimators where they are missing, once; both stay in the user's cache. */
  static async prepare(options: BenchOptions, model: LocalModel): Promise<Peer> {
    const trainerHome = findTrainerHome(packageRoot());
    const building = () => options.say('building the Python environment, once\n');
    const { python } = await preparePython({ trainerHome, building });
    const estimators =
      options.peers[0] === undefined
        ? await trainedEstimators(options.say)
        : { file: options.peers[0], model, description: 'the estimators of this very model' };
    return new Peer(python, estimators);
  }

  get description(): string {
    return `a Python loop, ${PROCESSES} processes, scikit-learn, all members in full (${this.#estimators.description}), on the first ${count(MESSAGES)} messages; the best of the batch sizes ${BATCH_SIZES.map(count).join(', ')}`;
  }

  /** The batch size at which it is fastest. */
  async bestBatch(file: string): Promise<number> {
    let best = { batch: 0, perSecond: 0 };
    for (const batch of BATCH_SIZES) {
      const { perSecond } = await this.score(file, batch, TRIAL_MESSAGES);
      if (perSecond > best.perSecond) best = { batch, perSecond };
    }
    return best.batch;
  }

  async score(file: string, batch: number, messages: number = MESSAGES): Promise<PeerResult> {
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
