import { SluiceError } from '../../core/errors.ts';
import type { Dump, DumpPage, DumpPosition, DumpRecord } from '../../ports/dump.ts';
import { decodedText, encodingOf } from './decoded-text.ts';
import { type DelimitedForm, delimitedRows } from './delimited-rows.ts';
import type { DumpFile } from './dump-file.ts';

export interface DelimitedOptions {
  readonly encoding?: string | undefined;
  /** One character; by default a tab for TSV, and for CSV what the header has most of. */
  readonly delimiter?: string | undefined;
  readonly quotes?: boolean | undefined;
  /** False: columns are numbered from 1. */
  readonly header?: boolean | undefined;
}

const delimiters = [',', ';', '\t', '|'] as const;

/** CSV or TSV whose first row names the columns. */
export async function delimitedDump(
  file: DumpFile,
  kind: 'csv' | 'tsv',
  { encoding: wanted, delimiter, quotes = kind === 'csv', header = true }: DelimitedOptions,
): Promise<Dump> {
  const encoding = encodingOf(file.head, wanted, file.name);
  const form: DelimitedForm = {
    ...{ name: file.name, encoding, quotes },
    delimiter: delimiter ?? (kind === 'tsv' ? '\t' : mostFrequent(file.head, encoding)),
  };
  const pages = () => delimitedRows(decodedText(file.chunks(), encoding), form);
  const first = await firstRow(pages());
  if (first === undefined || first.every((name) => name.trim() === ''))
    throw new SluiceError(
      'DATA_INVALID',
      `${file.name}, row 1: there is no header. Its first row has to name the columns, or give --no-header.`,
    );
  const columns = header ? first.map((name) => name.trim()) : first.map((_, at) => String(at + 1));
  return {
    name: file.name,
    identity: { bytes: file.bytes, sha256_of_ends: file.sha256OfEnds },
    columns,
    records: async function* (wantedColumns, after = 0) {
      const indexes = wantedColumns.map((name) => columns.indexOf(name));
      let row = 0;
      for await (const { rows, bytes } of pages()) {
        const records: DumpRecord[] = [];
        for (const fields of rows) {
          row++;
          if ((header && row === 1) || row <= (after as number)) continue;
          // An empty line; of one column it is a row without text.
          if (fields.length === 1 && fields[0] === '' && columns.length > 1) continue;
          records.push(
            fields.length === columns.length
              ? { position: row, values: indexes.map((index) => fields[index]) }
              : { position: row, values: [], refused: 'ragged' },
          );
        }
        if (records.length > 0) yield { records, share: bytes / file.bytes };
      }
    } satisfies (columns: readonly string[], after?: DumpPosition) => AsyncGenerator<DumpPage>,
  };
}

async function firstRow(pages: AsyncIterable<{ readonly rows: readonly (readonly string[])[] }>) {
  for await (const { rows } of pages) return rows[0];
  return undefined;
}

/** Of the header's line. */
function mostFrequent(head: Uint8Array, encoding: string): string {
  const [line = ''] = new TextDecoder(encoding).decode(head.subarray(0, 65_536)).split(/[\r\n]/, 1);
  const unquoted = line.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => unquoted.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}
