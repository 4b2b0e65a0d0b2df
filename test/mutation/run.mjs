// Mutation testing, one file after the other: `npm run mutation`, or `npm run mutation -- decide src/pipeline/retry.ts` for
// some slices or files. What was found is kept in dist/mutation, and only what has changed since is run again; `--force` runs
// all of it again. So a run that was ended goes on with the file at which it was. Ends with 1 when a slice is below the least score.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slices } from './slices.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(root, 'dist', 'mutation');
const base = JSON.parse(readFileSync(join(root, 'test', 'mutation', 'stryker.config.json'), 'utf8'));
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const unknown = named.filter(
  (word) => !slices.some(({ name, files }) => name === word || files.includes(word)),
);
if (unknown.length > 0) {
  process.stderr.write(
    `no slice or file of one is called ${unknown.join(', ')}: ${slices.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

/** Mutants that count: neither left out on purpose nor failing to compile. */
function countOf({ files }) {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...some) => statuses.filter((status) => some.includes(status)).length;
  return { noticed: count('Killed', 'Timeout'), missed: count('Survived', 'NoCoverage') };
}

function run(file, { tests, seconds = 10 }) {
  const name = basename(file, '.ts');
  const report = join(folder, `${name}.json`);
  const config = join(folder, `${name}.config.json`);
  writeFileSync(
    config,
    JSON.stringify({
      ...base,
      mutate: [file],
      timeoutMS: 1500 * seconds,
      incremental: true,
      incrementalFile: join(folder, `${name}.incremental.json`),
      jsonReporter: { fileName: report },
      tempDirName: join(folder, 'sandbox'),
    }),
  );
  const force = words.includes('--force') ? ['--force'] : [];
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'stryker'), ['run', config, ...force], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SLUICE_MUTATION_TESTS: tests.join(' '), SLUICE_MUTATION_SECONDS: String(seconds) },
  });
  return status === 0 ? countOf(JSON.parse(readFileSync(report, 'utf8'))) : undefined;
}

const scoreOf = ({ noticed, missed }) =>
  noticed + missed === 0 ? 'no mutants' : `${((100 * noticed) / (noticed + missed)).toFixed(1)} %`;

mkdirSync(folder, { recursive: true });
const lines = [];
for (const slice of slices) {
  const { name, files } = slice;
  if (named.length > 0 && !named.includes(name) && !files.some((file) => named.includes(file))) continue;
  const begin = performance.now();
  const all = { noticed: 0, missed: 0 };
  for (const file of files) {
    if (named.length > 0 && !named.includes(name) && !named.includes(file)) continue;
    const counts = run(file, slice);
    if (counts === undefined) {
      lines.push(`  ${file}: did not run to its end, see above`);
      process.exitCode = 1;
      continue;
    }
    all.noticed += counts.noticed;
    all.missed += counts.missed;
    lines.push(`  ${file}: ${scoreOf(counts)}, ${counts.missed} of ${counts.noticed + counts.missed} missed`);
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  lines.push(`${name}: ${scoreOf(all)}, ${all.missed} of ${all.noticed + all.missed} missed (${seconds} s)`);
  if (100 * all.noticed < base.thresholds.low * (all.noticed + all.missed)) process.exitCode = 1;
}
process.stdout.write(`\n${lines.join('\n')}\n`);
