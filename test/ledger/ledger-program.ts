import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../line/daemon-process.ts';
import type { LedgerReport } from './check-ledger.ts';
import type { CheckName } from './findings.ts';

/** Runs the ledger as people do and returns its report. What it prints on the way is shown, and the report too. */
export async function runLedgerProgram(...words: readonly string[]): Promise<LedgerReport> {
  const lastLine = (await outputOf(words)).trimEnd().split('\n').at(-1) ?? '';
  process.stderr.write(`${lastLine}\n`);
  if (!lastLine.startsWith('{')) throw new Error('the run itself failed; its output is above');
  return JSON.parse(lastLine) as LedgerReport;
}

/** Fails with all that the report has of this check: a shortened one would not say what to look for. */
export function expectNothingFound({ findings }: LedgerReport, name: CheckName): void {
  const finding = findings.find(({ check }) => check === name);
  if (finding !== undefined)
    throw new Error(`${finding.found} found, for example:\n${finding.examples.join('\n')}`);
}

function outputOf(words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, [join(root, 'dist', 'ledger.js'), ...words], {
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
