import { join } from 'node:path';
import { checkLedger, type LedgerReport } from './check-ledger.ts';
import { type Ledger, ledgerFiles, linesOfFile } from './ledger-events.ts';

/** Checks the folder of a run: its event log, and what stood in the topics and the table. */
async function checkFolder(folder: string): Promise<LedgerReport> {
  const read = <Part extends keyof Ledger>(part: Part): Promise<Ledger[Part]> =>
    linesOfFile<Ledger[Part][number]>(join(folder, ledgerFiles[part])) as Promise<unknown> as Promise<
      Ledger[Part]
    >;
  return checkLedger({
    events: await read('events'),
    source: await read('source'),
    outcomes: await read('outcomes'),
    verdicts: await read('verdicts'),
    reviews: await read('reviews'),
  });
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('usage: node dist/check-ledger.js FOLDER\n');
  process.exitCode = 2;
} else {
  const report = await checkFolder(folder);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}
