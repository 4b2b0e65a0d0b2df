import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Thresholds } from '../core/decision-policy.ts';
import { SluiceError } from '../core/errors.ts';
import type { TrainingProgress } from './training-progress.ts';

export const profiles = ['default', 'quick'] as const;
export type Profile = (typeof profiles)[number];

export interface TrainerRun {
  /** The environment's interpreter. */
  readonly python: string;
  /** Folder with the package `sluice_trainer`. */
  readonly trainerHome: string;
  readonly matrixFolder: string;
  /** Existing folder for what the trainer writes. */
  readonly outFolder: string;
  readonly profile: Profile;
  readonly seed: number;
  /** Threads of the forest; the result does not depend on it. */
  readonly jobs: number;
  readonly thresholds: Thresholds;
  readonly keepEstimators?: string;
  readonly progress?: TrainingProgress;
  readonly signal?: AbortSignal;
}

/** The trainer's exit code for a matrix that it cannot train on. */
const EXIT_DATA = 65;

const eventSchema = z.object({
  event: z.enum(['started', 'finished']),
  step: z.string(),
  seconds: z.number().optional(),
  peak_bytes: z.number().optional(),
});

/** Runs the Python trainer to its end. Throws `DATA_INVALID` with its reason, or `TRAINER_FAILED`. */
export async function runTrainer(run: TrainerRun): Promise<void> {
  const args = ['-m', 'sluice_trainer', '--matrix', run.matrixFolder, '--out', run.outFolder];
  args.push('--profile', run.profile, '--seed', String(run.seed), '--jobs', String(run.jobs));
  args.push(
    '--reject-min',
    String(run.thresholds.rejectMin),
    '--reject-max',
    String(run.thresholds.rejectMax),
  );
  if (run.keepEstimators !== undefined) args.push('--keep-estimators', run.keepEstimators);
  const child = spawn(run.python, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONPATH: run.trainerHome,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      // Sums in parts differ from sums in one by their rounding; one thread keeps them the same on every machine.
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
    },
    ...(run.signal ? { signal: run.signal, killSignal: 'SIGKILL' as const } : {}),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => tell(line, run.progress));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: unknown) => {
    run.signal?.throwIfAborted();
    throw new SluiceError(
      'TRAINER_FAILED',
      'The Python trainer cannot be started. Delete its environment and try again.',
      {
        cause: error,
      },
    );
  });
  run.signal?.throwIfAborted();
  if (code === 0) return;
  const reason = complaint.trim().split('\n').at(-1) ?? '';
  if (code === EXIT_DATA) throw new SluiceError('DATA_INVALID', `The trainer refused the data: ${reason}.`);
  throw new SluiceError(
    'TRAINER_FAILED',
    code === null
      ? 'The Python trainer was killed, which the system does when memory runs out. Train on less data or more memory.'
      : `The Python trainer ended with exit code ${code} (${reason}).`,
  );
}

function tell(line: string, progress: TrainingProgress | undefined): void {
  if (progress === undefined || !line.startsWith('{')) return;
  const { event, step, seconds, peak_bytes } = eventSchema.parse(JSON.parse(line));
  progress({
    step,
    state: event,
    ...(seconds === undefined ? {} : { seconds }),
    ...(peak_bytes === undefined ? {} : { peakBytes: peak_bytes }),
  });
}
