// Mutation testing, one slice after the other: `npm run mutation`, or `npm run mutation -- decide file` for some of them.
// What a slice found is kept in dist/mutation, and only what has changed since is run again; `--force` runs all of it again.
// A run that was ended goes on where it was. Ends with 1 when a slice is below the least score.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slices } from './slices.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(root, 'dist', 'mutation');
const base = JSON.parse(readFileSync(join(root, 'test', 'mutation', 'stryker.config.json'), 'utf8'));
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const unknown = named.filter((word) => !slices.some(({ name }) => name === word));
if (unknown.length > 0) {
  process.stderr.write(
    `no slice is called ${unknown.join(', ')}: ${slices.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

/** Mutants that count: neither left out on purpose nor failing to compile. */
function scoreOf(report) {
  const mutants = Object.values(report.files).flatMap(({ mutants }) => mutants);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const detected = count('Killed', 'Timeout');
  const undetected = count('Survived', 'NoCoverage');
  return { detected, undetected, score: (100 * detected) / (detected + undetected) };
}

function run({ name, mutate, tests }) {
  const report = join(folder, `${name}.json`);
  const config = join(folder, `${name}.config.json`);
  writeFileSync(
    config,
    JSON.stringify({
      ...base,
      mutate,
      incremental: true,
      incrementalFile: join(folder, `${name}.incremental.json`),
      jsonReporter: { fileName: report },
      tempDirName: join(folder, `sandbox-${name}`),
    }),
  );
  const force = words.includes('--force') ? ['--force'] : [];
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'stryker'), ['run', config, ...force], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SLUICE_MUTATION_TESTS: tests.join(' ') },
  });
  if (status !== 0) return undefined;
  return scoreOf(JSON.parse(readFileSync(report, 'utf8')));
}

mkdirSync(folder, { recursive: true });
const lines = [];
for (const slice of slices) {
  if (named.length > 0 && !named.includes(slice.name)) continue;
  const begin = performance.now();
  const result = run(slice);
  const seconds = Math.round((performance.now() - begin) / 1000);
  if (result === undefined) {
    lines.push(`${slice.name}: did not run to its end, see above (${seconds} s)`);
    process.exitCode = 1;
    continue;
  }
  const { detected, undetected, score } = result;
  lines.push(`${slice.name}: ${score.toFixed(1)} %, ${detected} noticed, ${undetected} not (${seconds} s)`);
  if (score < base.thresholds.low) process.exitCode = 1;
}
process.stdout.write(`\n${lines.join('\n')}\n`);
