import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DumpOptions, openDump } from '../../../src/adapters/dumps/open-dump.ts';
import type { DumpRecord } from '../../../src/ports/dump.ts';

/** A folder for the files of one test. */
export class TemporaryDumps {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-dumps-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All rows of a file. */
export async function recordsOf(
  path: string,
  columns: readonly string[],
  options: DumpOptions = {},
  after?: number,
): Promise<readonly DumpRecord[]> {
  const records: DumpRecord[] = [];
  const dump = await openDump(path, options);
  for await (const page of dump.records(columns, after)) records.push(...page.records);
  return records;
}
