import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';

export type ExportFormat = 'csv' | 'jsonl';

/** A labeled message, as `sluice train` reads it. */
export interface ExportedRow {
  readonly label: 'spam' | 'ham';
  readonly text: string;
  readonly group: string | null;
  readonly community: string;
  readonly source: string;
  readonly labelled_by: string | null;
}

const COLUMNS = ['label', 'text', 'group', 'community', 'source', 'labelled_by'] as const;

/** By the end of a name. Throws `USAGE`. */
export function exportFormatOf(path: string): ExportFormat {
  if (/\.csv$/i.test(path)) return 'csv';
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return 'jsonl';
  throw new SluiceError(
    'USAGE',
    `${basename(path)} names no format. Name a file that ends with .csv or .jsonl`,
  );
}

/**
 * Writes rows to a file that nobody sees before it is whole: to another name in the same folder first. Its owner alone may read it. `replace`:
 * whether a file of the name may be there already.
 *
 * Throws `USAGE` where one is, `DATA_INVALID` for a text that CSV cannot hold, `SINK_FAILED` where it cannot be written. Nothing remains then.
 */
export async function writeExport(
  path: string,
  pages: AsyncIterable<readonly ExportedRow[]>,
  { format, replace }: { readonly format: ExportFormat; readonly replace: boolean },
): Promise<void> {
  if (!replace && (await isThere(path))) throw thereAlready(path);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  let opened: FileHandle | undefined;
  try {
    const file = await guarded(path, () => open(temporary, 'wx', 0o600));
    opened = file;
    const write = (text: string) => guarded(path, () => file.appendFile(text));
    if (format === 'csv') await write(`${COLUMNS.join(',')}\n`);
    for await (const rows of pages) {
      const lines = rows.map((row) => (format === 'csv' ? csvLine(row) : jsonLine(row)));
      if (lines.length > 0) await write(lines.join(''));
    }
    await guarded(path, () => file.sync());
    await file.close();
    if (replace) await guarded(path, () => rename(temporary, path));
    else await linked(temporary, path);
  } catch (error) {
    await opened?.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Unlike a rename, it fails where a file of the name has come in the meantime. */
async function linked(temporary: string, path: string): Promise<void> {
  await guarded(path, () => link(temporary, path));
  await unlink(temporary);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function thereAlready(path: string): SluiceError {
  return new SluiceError(
    'USAGE',
    `${path} is there already; name another file, or give --force to replace it`,
  );
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw thereAlready(path);
    throw new SluiceError(
      'SINK_FAILED',
      `${path} cannot be written: ${describeError(error)}. Check its folder, its permissions and the disk.`,
      { cause: error },
    );
  }
}

function jsonLine({ group, labelled_by, ...row }: ExportedRow): string {
  const optional = { ...(group === null ? {} : { group }), ...(labelled_by === null ? {} : { labelled_by }) };
  return `${JSON.stringify({ ...row, ...optional })}\n`;
}

function csvLine(row: ExportedRow): string {
  if (row.text.includes('\0'))
    throw new SluiceError(
      'DATA_INVALID',
      'a text has a NUL character, which CSV cannot hold; export to a .jsonl file',
    );
  return `${COLUMNS.map((column) => csvField(row[column] ?? '')).join(',')}\n`;
}

/** In quotes where a reader could take it for something else. */
function csvField(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
