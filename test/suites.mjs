// Types and meaning: suites.d.mts.

const minute = 60_000;
// A service on a busy machine may miss a deadline once; a test that fails twice is broken. Vitest prints which ones ran again.
const retry = 1;
const services = {
  retry,
  globalSetup: ['test/services/services.ts'],
  hookTimeout: 5 * minute,
  fileParallelism: false,
};

// In the order in which they are run.
export const suites = [
  { name: 'types', about: 'the TypeScript compiler over all sources', command: ['tsc', '-p', '.'] },
  {
    name: 'types-console',
    about: "the same for the console's page, which knows the browser and not Node",
    command: ['tsc', '-p', 'src/console'],
  },
  { name: 'lint', about: 'format and lint rules', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'unused', about: 'exports, files and packages that nothing uses', command: ['knip'] },
  {
    name: 'python-lint',
    about: 'lint rules for the trainer and its tests; needs Python 3.11, as the next three do',
    command: ['ruff', 'check', '.'],
    python: true,
  },
  {
    name: 'python-format',
    about: 'format of the trainer and its tests',
    command: ['ruff', 'format', '--check', '.'],
    python: true,
  },
  {
    name: 'python-types',
    about: 'types of the trainer and its tests',
    command: ['mypy'],
    python: true,
  },
  {
    name: 'python',
    about: 'the parts of the trainer, one at a time',
    pytest: 'native-models/tests',
  },
  {
    name: 'architecture',
    about: 'which folder may import which; documentation that is derived from code',
    options: { testTimeout: 3 * minute },
  },
  { name: 'unit', about: 'one part at a time; no service', options: { testTimeout: 2 * minute } },
  {
    name: 'contract',
    about: 'each port: one set of tests over every adapter that needs no service',
    options: { testTimeout: 2 * minute },
  },
  {
    name: 'model',
    about: 'the Python trainer and the shipped model; needs Python 3.11',
    options: { testTimeout: 5 * minute, hookTimeout: 10 * minute },
  },
  {
    name: 'browser',
    about:
      "the console's page in Chromium, which it installs where it may; runs beside line, as both often wait",
    beside: 'line',
    options: {
      retry,
      testTimeout: minute,
      hookTimeout: 5 * minute,
      fileParallelism: false,
      expect: { poll: { timeout: 15_000 } },
    },
  },
  {
    name: 'line',
    about: 'the daemon as a process, on files and the embedded database',
    options: { retry, testTimeout: 5 * minute, hookTimeout: minute, fileParallelism: false },
  },
  {
    name: 'databases',
    about:
      'the stores on real MySQL and MariaDB, which it starts; needs mysqld; runs beside services, as both mostly wait',
    beside: 'services',
    options: { retry, testTimeout: 5 * minute, hookTimeout: 5 * minute, fileParallelism: false },
  },
  {
    name: 'services',
    about:
      'the daemon and the adapters on real Kafka, MySQL, HDFS, S3 and ZooKeeper, which it starts; needs Java and mysqld',
    options: { ...services, testTimeout: 5 * minute },
  },
  {
    name: 'ledger',
    about: 'faults injected under load, every message accounted for (short); needs the same services',
    options: { hookTimeout: 30 * minute, fileParallelism: false },
  },
  {
    name: 'long',
    about: 'fuzzing, random schedules and kills by the thousand; some hours',
    long: true,
    options: { testTimeout: 60 * minute, hookTimeout: minute, fileParallelism: false },
  },
  {
    name: 'new-seeds',
    about: 'the properties of the unit tests once more, with random seeds in place of the fixed one',
    folder: 'test/unit',
    long: true,
    options: { testTimeout: 2 * minute },
  },
  {
    name: 'mutation',
    about: 'the share of planted bugs that unit tests find (Stryker); some hours',
    long: true,
    command: ['node', 'test/mutation/run.mjs'],
  },
  {
    name: 'long-services',
    about: 'slow tests on real services',
    long: true,
    options: { ...services, testTimeout: 60 * minute },
  },
];
