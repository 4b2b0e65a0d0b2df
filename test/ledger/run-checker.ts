import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import type { LedgerReport } from './check-ledger.ts';

/** Has the folder of a run checked by a process of its own, which knows the files and nothing of the run. */
export function runChecker(folder: string): Promise<LedgerReport> {
  const program = join(packageRoot(), 'dist', 'check-ledger.js');
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [program, folder], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const last = stdout.trimEnd().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(JSON.parse(last) as LedgerReport);
      else reject(error ?? new Error(`the checker printed no report: ${stderr}`));
    }),
  );
}
