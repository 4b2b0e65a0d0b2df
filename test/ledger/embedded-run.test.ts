import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerReport } from './check-ledger.ts';
import { type CheckName, checkNames } from './findings.ts';
import { expectNothingFound, runLedgerProgram } from './ledger-program.ts';

describe('a daemon on files and the embedded database, under rotation and faults', () => {
  let report: LedgerReport;
  beforeAll(async () => {
    report = await runLedgerProgram('--profile', 'short', '--only', 'embedded');
  });

  it.each(Object.entries(checkNames) as [CheckName, string][])(
    'a daemon on files and the embedded database, under rotation and faults: %s: %s',
    (name) => {
      expectNothingFound(report, name);
    },
  );

  it('a daemon on files and the embedded database, under rotation and faults: files are rotated in each way, and lines of each kind are read', () => {
    const ways = Object.keys(report.ways).join(', ');
    for (const way of [
      'rename',
      'delete',
      'copytruncate',
      'rewritten',
      'half a line at the end',
      'whole lines',
      'completed',
    ])
      expect(ways).toContain(way);
    expect(report.outcomes['dead-letter']).toBeGreaterThan(0);
  });
});
