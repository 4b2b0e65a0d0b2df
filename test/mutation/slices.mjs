import { readdirSync } from 'node:fs';

/**
 * What is mutated, and the tests that have to notice: those of the same room, so that a mutant costs a second or less and a
 * behavior is asserted where it is written. `seconds`: after which a test has failed, ten unless stated; many times what the slowest takes. What is left out, and why, is in README.md.
 */
export const slices = [
  { name: 'decide', files: allOf('src/decide'), tests: ['test/unit/decide/*.test.ts'] },
  { name: 'pipeline', files: allOf('src/pipeline'), tests: ['test/unit/pipeline/*.test.ts'], seconds: 4 },
  {
    name: 'sql',
    files: ['src/adapters/sql/lossless-text.ts', 'src/adapters/mysql/mysql-errors.ts'],
    tests: [...testsOf('adapters-sql', 'lossless-text'), ...testsOf('adapters-mysql', 'mysql-errors')],
  },
  {
    // Its tests open sockets and wait for refusals, which takes ten seconds for each mutant.
    name: 'mysql-passwords',
    files: ['src/adapters/mysql/password-plugins.ts'],
    tests: testsOf('adapters-mysql', 'password-plugins'),
  },
  {
    name: 'kafka-records',
    files: named(
      'src/adapters/kafka',
      ...['byte-reader', 'record-batch', 'fetch-answer', 'unopened-batch', 'inflated-size', 'fetched-record'],
    ),
    tests: testsOf('adapters-kafka', 'fetch-answer', 'inflated-size'),
  },
  {
    name: 'kafka-publishing',
    files: named('src/adapters/kafka', 'publish-failure', 'community-topics', 'record-size'),
    tests: testsOf('adapters-kafka', 'publish-failure', 'community-topics', 'record-size'),
  },
  {
    name: 'kafka-consuming',
    files: named(
      'src/adapters/kafka',
      ...['partition-buffer', 'key-partitioner', 'record-headers', 'dead-letter-record', 'committed-offsets'],
    ),
    tests: testsOf(
      'adapters-kafka',
      ...['partition-buffer', 'key-partitioner', 'record-headers', 'dead-letter-record', 'committed-offsets'],
    ),
  },
  {
    name: 'kafka-group',
    files: named('src/adapters/kafka', 'partition-lags', 'start-offsets'),
    tests: testsOf('adapters-kafka', 'kafka-lag', 'start-offsets'),
  },
  {
    name: 'kafka-sending',
    files: named('src/adapters/kafka', 'send-queue'),
    tests: testsOf('adapters-kafka', 'kafka-publisher', 'kafka-verdict-sink'),
  },
  {
    name: 'scoring',
    files: named(
      'src/scoring',
      ...[
        'admit-once',
        'model-switch',
        'current-policy',
        'resident-memory',
        'score-protocol',
        'thread-errors',
      ],
    ),
    tests: testsOf(
      'scoring',
      ...[
        'admit-once',
        'model-switch',
        'current-policy',
        'resident-memory',
        'score-protocol',
        'thread-errors',
      ],
    ),
  },
  {
    name: 'file-reading',
    files: named(
      'src/adapters/file',
      ...['file-source', 'inbox', 'inbox-files', 'inbox-handle', 'tailed-file', 'file-lines', 'line-reader'],
      ...['file-identity', 'offset-file'],
    ),
    tests: testsOf('adapters-file', 'file-source', 'file-faults', 'file-identity', 'tailed-file'),
  },
  {
    name: 'file-log',
    files: named('src/adapters/file', 'append-log', 'replace-file', 'file-operations'),
    tests: [...testsOf('adapters-file', 'append-log', 'power-cut'), 'test/contract/file-operations.test.ts'],
  },
  {
    name: 'file-spool',
    files: named('src/adapters/file', 'review-spool', 'spooling-review-store'),
    tests: testsOf('adapters-file', 'review-spool', 'spool-faults', 'spooling-review-store'),
  },
  {
    name: 'file-journal',
    files: named('src/adapters/file', 'scoring-journal'),
    tests: testsOf('adapters-file', 'scoring-journal'),
  },
  {
    name: 'file-letters',
    files: named(
      'src/adapters/file',
      ...['dead-letter-line', 'json-bytes', 'file-dead-letter-sink', 'file-refused-sink', 'file-trace-sink'],
      ...['file-verdict-sink', 'replay-marks'],
    ),
    tests: [
      ...testsOf('adapters-file', 'dead-letter-line'),
      ...testsOf('app/tasks', 'dead-letters', 'replay-faults'),
      'test/contract/file.test.ts',
    ],
  },
];

function allOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function named(folder, ...names) {
  return names.map((name) => `${folder}/${name}.ts`);
}

function testsOf(room, ...names) {
  return names.map((name) => `test/unit/${room}/${name}.test.ts`);
}
