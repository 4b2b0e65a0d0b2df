// Runs the suites of `npm test` (or, with --long, of `npm run test:long`), all of them even when one fails, and ends with
// one line that counts: `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJunit } from './junit.mjs';
import { suites } from './suites.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
/** Runs tools of the trainer's development environment; `npm run build` builds it, as `npm test` does. */
const pythonTool = join(root, 'dist', 'python-tool.js');
const help = `Runs tests. Usage: npm test -- [FILE…] [--suite NAME]

  FILE          a test file or a folder of test files, such as test/unit/pipeline/retry.test.ts or
                native-models/tests/test_folds.py; only these are run
  --suite NAME  only this suite; may be repeated
  --list        names the suites and what each needs
  --long        the suites of npm run test:long

Exit codes: 0; 1 a test failed; 2 usage.
`;

function usageError(message) {
  process.stderr.write(`${message}\n\n${help}`);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        suite: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
        long: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return usageError(error.message);
  }
}

/** Where the files of a suite are; undefined for a tool. */
function testFolder({ name, command, pytest, folder }) {
  if (pytest !== undefined) return pytest;
  return command === undefined ? (folder ?? `test/${name}`) : undefined;
}

/** The suites to run, each with the files that it is limited to; none for all of it. */
function chosen({ values, positionals }) {
  for (const name of values.suite)
    if (!suites.some((suite) => suite.name === name))
      usageError(`There is no suite "${name}"; npm test -- --list names them.`);
  const files = positionals.map((file) => {
    const path = relative(root, resolve(file));
    const suite = suites.find((each) => {
      const folder = testFolder(each);
      return folder !== undefined && `${path}/`.startsWith(`${folder}/`);
    });
    const isTest = suite?.pytest === undefined || /(?:^|\/)(?:tests|test_\w+\.py)$/.test(path);
    if (suite === undefined || !isTest || !existsSync(join(root, path)))
      usageError(
        `There is no test file or folder "${file}". Test files are test/SUITE/…/NAME.test.ts and native-models/tests/test_NAME.py.`,
      );
    return { suite, path };
  });
  const wanted =
    files.length > 0
      ? (suite) => files.some((file) => file.suite === suite)
      : values.suite.length > 0
        ? ({ name }) => values.suite.includes(name)
        : ({ long = false }) => long === values.long;
  return suites.filter(wanted).map((suite) => ({
    suite,
    paths: files.filter((file) => file.suite === suite).map(({ path }) => path),
  }));
}

let passed = 0;
let failed = 0;
/** What failed, printed again at the end, for a reader who sees only the last lines. */
const failures = [];

function fail(step, reason, count = 1) {
  failed += count;
  failures.push(`${step}: ${reason}`);
}

const vitestArguments = (project, file, paths) => [
  'run',
  `--project=${project}`,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${file}`,
  ...paths,
];

function run(name, command, args) {
  const begin = performance.now();
  process.stdout.write(`\n--- ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.stdout.write(`--- ${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
  return status === 0;
}

/** A tool that passes or fails as a whole counts as one test. */
function runTool({ name, command: [command, ...args], python = false }) {
  const ok = python
    ? run(name, process.execPath, [pythonTool, command, ...args])
    : run(name, command === 'node' ? process.execPath : bin(command), args);
  if (ok) passed++;
  else fail(name, 'see its output above');
}

function runPytest({ name, pytest }, paths, reports) {
  const file = join(reports, `${name}.xml`);
  const tests = (paths.length > 0 ? paths : [pytest]).map((path) => join(root, path));
  const args = [pythonTool, 'pytest', '-q', `--junitxml=${file}`, ...tests];
  const ok = run(name, process.execPath, args);
  const report = existsSync(file) ? readJunit(readFileSync(file, 'utf8')) : undefined;
  if (report === undefined) {
    fail(name, 'it left no report; see its output above');
    return;
  }
  passed += report.passed;
  for (const { test, message } of report.failures) fail(name, `${test}\n    ${excerpt([message])}`);
  // An interrupted run, or a test file that cannot be imported, may end without a failed test.
  if (!ok && report.failures.length === 0) fail(name, 'it ended badly without a failed test');
  if (report.total === 0) fail(name, 'there was no test');
  if (report.skipped > 0) fail(name, `${report.skipped} tests were skipped`);
}

function runVitest({ name: project }, paths, reports) {
  const file = join(reports, `${project}.json`);
  countVitest(project, file, run(project, bin('vitest'), vitestArguments(project, file, paths)));
}

/** Begins a suite that runs at the same time as the next; the answer waits for it, prints what it printed, and counts. */
function beginVitest({ name: project }, paths, reports) {
  const file = join(reports, `${project}.json`);
  const output = join(reports, `${project}.out`);
  const begin = performance.now();
  const printed = openSync(output, 'w');
  const child = spawn(bin('vitest'), vitestArguments(project, file, paths), {
    cwd: root,
    stdio: ['ignore', printed, printed],
  });
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (status) => resolve(status === 0));
  });
  return async () => {
    const ok = await ended;
    closeSync(printed);
    process.stdout.write(`\n--- ${project}\n${readFileSync(output, 'utf8')}`);
    process.stdout.write(
      `--- ${project}: ended within ${((performance.now() - begin) / 1000).toFixed(1)} s\n`,
    );
    countVitest(project, file, ok);
  };
}

function countVitest(project, file, ok) {
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
  if (report.numPendingTests > 0) fail(project, `${report.numPendingTests} tests were skipped`);
}

function brokenFiles({ testResults }) {
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, message }) => `${relative(root, name)}: ${message}`);
}

function excerpt(messages) {
  return messages.join('\n').split('\n').slice(0, 12).join('\n    ');
}

const args = parse();
if (args.values.help) process.stdout.write(help);
else if (args.values.list)
  for (const { name, about, long } of suites)
    process.stdout.write(`${name.padEnd(14)} ${about}${long ? ' (npm run test:long)' : ''}\n`);
else {
  const reports = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const toRun = chosen(args);
  const besides = new Map();
  for (const { suite, paths } of toRun) {
    if (suite.command !== undefined) runTool(suite);
    else if (suite.pytest !== undefined) runPytest(suite, paths, reports);
    else if (toRun.some((other) => other.suite.name === suite.beside))
      besides.set(suite.beside, beginVitest(suite, paths, reports));
    else runVitest(suite, paths, reports);
    await besides.get(suite.name)?.();
  }
  rmSync(reports, { recursive: true, force: true });
  for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
