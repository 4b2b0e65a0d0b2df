import { SluiceError } from '../../core/errors.ts';
import type { Dump } from '../../ports/dump.ts';
import { type DelimitedOptions, delimitedDump } from './delimited-dump.ts';
import { openDumpFile } from './dump-file.ts';
import { jsonLinesDump } from './json-lines-dump.ts';

export const dumpFormats = ['csv', 'tsv', 'jsonl'] as const;
export type DumpFormat = (typeof dumpFormats)[number];

export interface DumpOptions extends DelimitedOptions {
  readonly format?: DumpFormat | undefined;
}

/** Opens a file of messages; its format by its name, if none is given. Throws `DATA_UNREADABLE`, `DATA_INVALID`, `USAGE`. */
export async function openDump(path: string, { format, ...options }: DumpOptions = {}): Promise<Dump> {
  const file = await openDumpFile(path);
  const kind = format ?? formatOf(path);
  if (kind === undefined)
    throw new SluiceError('USAGE', `the name ${file.name} names no format. Give --format csv, tsv or jsonl`);
  return kind === 'jsonl'
    ? await jsonLinesDump(file, options.encoding)
    : await delimitedDump(file, kind, options);
}

/** By the end of a name. */
export function formatOf(path: string): DumpFormat | undefined {
  if (/\.csv$/i.test(path)) return 'csv';
  if (/\.(?:tsv|tab)$/i.test(path)) return 'tsv';
  return /\.(?:jsonl|ndjson)$/i.test(path) ? 'jsonl' : undefined;
}
