import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Thresholds } from '../core/decision-policy.ts';
import { SluiceError } from '../core/errors.ts';
import type { Blending, Profile } from './profiles.ts';
import type { TrainingProgress } from './training-progress.ts';

export interface TrainerRun {
  /** The environment's interpreter. */
  readonly python: string;
  /** Folder with the package `sluice_trainer`. */
  readonly trainerHome: string;
  readonly matrixFolder: string;
  /** Existing folder for what the trainer writes; its temporary files too, which it cannot take away when it is killed. */
  readonly outFolder: string;
  readonly profile: Profile;
  readonly seed: number;
  /** The profile's own where left out. */
  readonly blending?: Blending;
  /** Refit the base models on all of the training part when the figures have been taken. */
  readonly final: boolean;
  /** Search the grids of the base models' settings first. */
  readonly search: boolean;
  /** Base models trained at once; the result does not depend on it. */
  readonly jobs: number;
  readonly thresholds: Thresholds;
  readonly keepEstimators?: string;
  readonly progress?: TrainingProgress;
  readonly signal?: AbortSignal;
}

/** The trainer's exit code for a matrix that it cannot train on. */
const EXIT_DATA = 65;

const eventSchema = z.object({
  event: z.enum(['started', 'advanced', 'finished']),
  step: z.string(),
  done: z.number().optional(),
  of: z.number().optional(),
  seconds: z.number().optional(),
  peak_bytes: z.number().optional(),
});

/**
 * Runs the Python trainer to its end. It has a process group of its own, and its base models are processes in it: when the signal
 * aborts, or this process dies, all of them end. Throws `DATA_INVALID` with its reason, or `TRAINER_FAILED`.
 */
export async function runTrainer(run: TrainerRun): Promise<void> {
  const args = ['-m', 'sluice_trainer', '--matrix', run.matrixFolder, '--out', run.outFolder];
  args.push('--profile', run.profile, '--seed', String(run.seed), '--jobs', String(run.jobs));
  args.push(
    '--reject-min',
    String(run.thresholds.rejectMin),
    '--reject-max',
    String(run.thresholds.rejectMax),
  );
  args.push('--end-with-stdin');
  if (run.blending !== undefined) args.push('--blending', run.blending);
  if (run.final) args.push('--final');
  if (run.search) args.push('--search');
  if (run.keepEstimators !== undefined) args.push('--keep-estimators', run.keepEstimators);
  const child = spawn(run.python, args, {
    // Standard input is never written to: when it ends, the trainer knows that nobody waits for it any more.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      TMPDIR: run.outFolder,
      PYTHONPATH: run.trainerHome,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      // Sums in parts differ from sums in one by their rounding; one thread keeps them the same on every machine.
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      ORT_DISABLE_TELEMETRY: '1',
    },
  });
  const kill = () => killGroup(child);
  if (run.signal?.aborted === true) kill();
  run.signal?.addEventListener('abort', kill, { once: true });
  child.stdin.on('error', () => {});
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => report(line, run.progress));
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
  run.signal?.removeEventListener('abort', kill);
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

/** The trainer and its base models' processes. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function report(line: string, progress: TrainingProgress | undefined): void {
  if (progress === undefined || !line.startsWith('{')) return;
  const { event, step, done, of, seconds, peak_bytes } = eventSchema.parse(JSON.parse(line));
  progress({
    step,
    state: event,
    ...(done === undefined ? {} : { done }),
    ...(of === undefined ? {} : { of }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(peak_bytes === undefined ? {} : { peakBytes: peak_bytes }),
  });
}
