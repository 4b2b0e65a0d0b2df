// Runs every step of `npm test` (or, with --long, of `npm run test:long`), all of them even when one fails, and ends with
// one line that counts: `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const reports = mkdtempSync(join(tmpdir(), 'sluice-test-'));
const long = process.argv.includes('--long');
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
let passed = 0;
let failed = 0;
/** What failed, said again at the end, where whoever sees only the last lines finds it. */
const failures = [];

function run(name, command, args) {
  const begin = performance.now();
  process.stdout.write(`\n--- ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.stdout.write(`--- ${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
  return status === 0;
}

function fail(step, reason, count = 1) {
  failed += count;
  failures.push(`${step}: ${reason}`);
}

/** A tool that says yes or no counts as one test. */
function tool(name, command, args) {
  if (only !== undefined && only !== name) return;
  if (run(name, command, args)) passed++;
  else fail(name, 'see its output above');
}

function vitest(project) {
  if (only !== undefined && only !== project) return;
  const file = join(reports, `${project}.json`);
  const ok = run(project, bin('vitest'), [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    fail(project, 'it left no report');
    return;
  }
  passed += report.numPassedTests;
  for (const { name, assertionResults } of report.testResults)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed')
        fail(project, `${relative(root, name)}: ${fullName}\n    ${excerpt(failureMessages)}`, 0);
  failed += report.numFailedTests;
  // A file that fails before its first test, or an unhandled error, fails the run without a failed test.
  if (!ok && report.numFailedTests === 0)
    fail(project, `it ended badly without a failed test: ${excerpt(brokenFiles(report))}`);
  if (report.numTotalTests === 0) fail(project, 'there was no test');
  if (report.numPendingTests > 0) fail(project, `${report.numPendingTests} tests were left out`);
}

function brokenFiles({ testResults }) {
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, message }) => `${relative(root, name)}: ${message}`);
}

function excerpt(messages) {
  return messages.join('\n').split('\n').slice(0, 12).join('\n    ');
}

if (long) {
  for (const project of ['long', 'long-services']) vitest(project);
  tool('mutation', process.execPath, [join(root, 'test', 'mutation', 'run.mjs')]);
} else {
  tool('types', bin('tsc'), ['-p', '.']);
  tool('lint', bin('biome'), ['ci', '--error-on-warnings', '.']);
  tool('unused', bin('knip'), []);
  for (const project of ['architecture', 'unit', 'contract', 'model', 'line', 'services', 'ledger'])
    vitest(project);
}
rmSync(reports, { recursive: true, force: true });
for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
