import { readdirSync } from 'node:fs';

/**
 * What is mutated, and the tests that have to notice: those of the same room, so that a mutant costs a second or less and a
 * behaviour is asserted where it is written. What is left out, and why, is in README.md.
 */
export const slices = [
  { name: 'decide', files: allOf('src/decide'), tests: ['test/unit/decide/*.test.ts'] },
  { name: 'pipeline', files: allOf('src/pipeline'), tests: ['test/unit/pipeline/*.test.ts'] },
  {
    name: 'sql',
    files: [
      'src/adapters/sql/lossless-text.ts',
      ...named('src/adapters/mysql', 'mysql-errors', 'password-plugins', 'deadline-connection'),
    ],
    tests: ['test/unit/adapters-sql/*.test.ts', 'test/unit/adapters-mysql/*.test.ts'],
  },
  {
    name: 'kafka',
    files: named(
      'src/adapters/kafka',
      ...[
        'publish-failure',
        'record-batch',
        'partition-buffer',
        'fetch-answer',
        'byte-reader',
        'unopened-batch',
      ],
      ...[
        'inflated-size',
        'partition-lags',
        'start-offsets',
        'send-queue',
        'community-topics',
        'key-partitioner',
      ],
      ...['record-headers', 'record-size', 'committed-offsets', 'dead-letter-record', 'fetched-record'],
    ),
    tests: ['test/unit/adapters-kafka/*.test.ts'],
  },
  {
    name: 'scoring',
    files: named(
      'src/scoring',
      ...[
        'admit-once',
        'model-switch',
        'policy-in-force',
        'resident-memory',
        'score-protocol',
        'thread-errors',
      ],
    ),
    tests: [
      'test/unit/scoring/admit-once.test.ts',
      'test/unit/scoring/model-switch.test.ts',
      'test/unit/scoring/resident-memory.test.ts',
      'test/unit/scoring/score-protocol.test.ts',
    ],
  },
  {
    name: 'file-reading',
    files: named(
      'src/adapters/file',
      ...['file-source', 'inbox', 'inbox-files', 'inbox-handle', 'tailed-file', 'file-lines', 'line-reader'],
      ...['file-identity', 'offset-file'],
    ),
    tests: [
      'test/unit/adapters-file/file-source.test.ts',
      'test/unit/adapters-file/file-faults.test.ts',
      'test/unit/adapters-file/file-identity.test.ts',
      'test/unit/adapters-file/tailed-file.test.ts',
    ],
  },
  {
    name: 'file-writing',
    files: named(
      'src/adapters/file',
      ...['append-log', 'dead-letter-line', 'file-dead-letter-sink', 'file-refused-sink', 'file-trace-sink'],
      ...[
        'file-verdict-sink',
        'file-operations',
        'json-bytes',
        'replace-file',
        'replay-marks',
        'review-spool',
      ],
      ...['scoring-journal', 'spooling-review-store'],
    ),
    tests: [
      'test/unit/adapters-file/append-log.test.ts',
      'test/unit/adapters-file/dead-letter-line.test.ts',
      'test/unit/adapters-file/power-cut.test.ts',
      'test/unit/adapters-file/review-spool.test.ts',
      'test/unit/adapters-file/scoring-journal.test.ts',
      'test/unit/adapters-file/spool-faults.test.ts',
      'test/unit/app/dead-letters.test.ts',
      'test/unit/app/replay-faults.test.ts',
      'test/contract/file*.test.ts',
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
