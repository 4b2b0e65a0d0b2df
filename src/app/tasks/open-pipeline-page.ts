import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { portsLike } from '../../cluster/free-port.ts';
import { SluiceError } from '../../core/errors.ts';
import { preparePython } from '../../training/python-environment.ts';
import { findTrainerHome } from '../../training/trainer-home.ts';
import { packageRoot } from '../package-root.ts';

export interface PipelinePageOrder {
  /** For Dagster's runs and what passes between assets; created, for this user only. */
  readonly folder: string;
  /** Options of every command that the assets run, and the folder that it runs in. */
  readonly options: readonly string[];
  readonly workingDirectory: string;
  /** Settings, as variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** A free one where left out: {@link USUAL_PORT}, or any. */
  readonly port?: number;
  /** For people. */
  readonly say: (text: string) => void;
  /** Ends Dagster; a run that is under way is ended too. */
  readonly signal: AbortSignal;
}

const USUAL_PORT = 3000;

/** Of Dagster's instance. Two runs at once would work in one folder. `nux`: the page asks each newcomer for an email address. */
const INSTANCE = `# Written by "sluice pipeline" when it starts.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
`;

/**
 * Serves Dagster's page on the loopback address, with the code location `native-models/sluice_pipeline`, until the signal aborts. Builds
 * the Python environments on first use. Throws `TRAINER_FAILED`.
 */
export async function openPipelinePage({
  folder,
  options,
  workingDirectory,
  environment,
  port: wanted,
  say,
  signal,
}: PipelinePageOrder): Promise<void> {
  const root = packageRoot();
  const trainerHome = findTrainerHome(root);
  const building = () => say('Building a Python environment, once; this takes minutes.\n');
  const trainer = await preparePython({ trainerHome, building, signal });
  const own = await preparePython({
    trainerHome,
    lockFile: 'requirements-pipeline.lock',
    building,
    signal,
  });
  const home = join(folder, 'dagster');
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(join(home, 'dagster.yaml'), INSTANCE);
  const [port] = wanted === undefined ? await portsLike([USUAL_PORT]) : [wanted];
  say(`Dagster's page: http://127.0.0.1:${port} (once it is ready). Stop it with Ctrl-C.\n`);
  const code = await run(
    own.python,
    ['-m', 'dagster', 'dev', '-m', 'sluice_pipeline.definitions', '-h', '127.0.0.1', '-p', String(port)],
    {
      ...environment,
      DAGSTER_HOME: home,
      DAGSTER_DISABLE_TELEMETRY: 'yes',
      PIPELINE_PROGRAM: JSON.stringify([process.execPath, join(root, 'dist', 'sluice.js')]),
      PIPELINE_OPTIONS: JSON.stringify(options),
      PIPELINE_DIRECTORY: workingDirectory,
      PIPELINE_FOLDER: join(folder, 'work'),
      PYTHONPATH: [trainerHome, trainer.sitePackages].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
    },
    folder,
    signal,
  );
  if (signal.aborted || code === 0) return;
  throw new SluiceError(
    'TRAINER_FAILED',
    `Dagster ended with exit code ${code ?? 'none: it was killed'}; see its output above.`,
  );
}

/** In a process group of its own, so that Ctrl-C reaches it once, through the signal. */
function run(
  python: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
  signal: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(python, args, {
      cwd,
      detached: true,
      env: { ...process.env, ...environment },
      // Standard output is for answers, and Dagster prints a log.
      stdio: ['ignore', 2, 2],
    });
    const end = () => child.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    const ended = () => signal.removeEventListener('abort', end);
    child.once('error', (error) => {
      ended();
      reject(error);
    });
    child.once('close', (code) => {
      ended();
      resolve(code);
    });
  });
}
