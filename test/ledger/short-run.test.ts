import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../line/daemon-process.ts';
import type { LedgerReport } from './check-ledger.ts';
import { type CheckName, checkNames } from './findings.ts';

/** The program as people run it; what it says on the way is shown. */
function runShort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, [join(root, 'dist', 'ledger.js'), '--profile', 'short'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    run.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    run.once('error', reject);
    run.once('close', () => resolve(output));
  });
}

describe('two daemons under load and faults', () => {
  let report: LedgerReport;
  beforeAll(async () => {
    const lastLine = (await runShort()).trimEnd().split('\n').at(-1) ?? '';
    process.stderr.write(`${lastLine}\n`);
    if (!lastLine.startsWith('{')) throw new Error('the run itself failed; its words are above');
    report = JSON.parse(lastLine) as LedgerReport;
  });

  it.each(Object.entries(checkNames) as [CheckName, string][])('%s: %s', (name) => {
    expect(report.findings.find(({ check }) => check === name)).toBeUndefined();
  });

  it('commits go on for each partition whose daemon was killed', () => {
    expect(report.commitAfterKillSeconds.partitions).toBeGreaterThan(0);
    expect(report.commitAfterKillSeconds.max).not.toBeNull();
  });
});
