import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { packageRoot } from '../src/app/package-root.ts';
import { describeError } from '../src/core/errors.ts';
import { preparePython } from '../src/training/python-environment.ts';
import { findTrainerHome } from '../src/training/trainer-home.ts';

/**
 * Runs a tool of `requirements-dev.lock` in `native-models/`, where its settings are (`pyproject.toml`):
 * `node dist/python-tool.js TOOL [ARGUMENT…]`. The tools have an environment of their own, so that a training installs none of them; the
 * packages of the trainer and of the pipeline are on their path. All environments are built on first use. Exit code: the tool's, or 70
 * without it.
 */
async function main(): Promise<number> {
  const [tool, ...args] = process.argv.slice(2);
  if (tool === undefined) {
    process.stderr.write('Usage: node dist/python-tool.js TOOL [ARGUMENT…]\n');
    return 2;
  }
  const trainerHome = findTrainerHome(packageRoot());
  const building = () => process.stderr.write('building a Python environment, once; this takes minutes\n');
  const trainer = await preparePython({ trainerHome, building });
  const pipeline = await preparePython({ trainerHome, lockFile: 'requirements-pipeline.lock', building });
  const tools = await preparePython({ trainerHome, lockFile: 'requirements-dev.lock', building });
  const { status } = spawnSync(tools.python, ['-m', tool, ...args], {
    cwd: trainerHome,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PYTHONPATH: [trainer.sitePackages, pipeline.sitePackages, process.env.PYTHONPATH ?? '']
        .filter(Boolean)
        .join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      ORT_DISABLE_TELEMETRY: '1',
    },
  });
  return status ?? 70;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 70;
  },
);
