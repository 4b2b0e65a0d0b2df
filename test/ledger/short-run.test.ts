import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerReport } from './check-ledger.ts';
import { type CheckName, checkNames } from './findings.ts';
import { expectNothingFound, runLedgerProgram } from './ledger-program.ts';

describe('two daemons under load and faults', () => {
  let report: LedgerReport;
  beforeAll(async () => {
    report = await runLedgerProgram('--profile', 'short');
  });

  it.each(Object.entries(checkNames) as [CheckName, string][])(
    'two daemons under load and faults: %s: %s',
    (name) => {
      expectNothingFound(report, name);
    },
  );

  it('two daemons under load and faults commit offsets of each partition again after its daemon was killed', () => {
    expect(report.commitAfterKillSeconds.partitions).toBeGreaterThan(0);
    expect(report.commitAfterKillSeconds.max).not.toBeNull();
  });
});
