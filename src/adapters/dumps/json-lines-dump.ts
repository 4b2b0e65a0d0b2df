import { SluiceError } from '../../core/errors.ts';
import type { Dump, DumpPage, DumpPosition, DumpRecord } from '../../ports/dump.ts';
import { type DecodedText, decodedText, encodingOf, UndecodableBytes, undecodable } from './decoded-text.ts';
import { LONGEST_ROW } from './delimited-rows.ts';
import type { DumpFile } from './dump-file.ts';

type Fields = Readonly<Record<string, unknown>>;

/** JSON Lines: one object a line; its fields are the columns. */
export async function jsonLinesDump(file: DumpFile, wanted: string | undefined): Promise<Dump> {
  const encoding = encodingOf(file.head, wanted, file.name);
  const pages = () => linesOf(decodedText(file.chunks(), encoding), file.name, encoding);
  return {
    name: file.name,
    identity: { bytes: file.bytes, sha256_of_ends: file.sha256OfEnds },
    columns: await columnsOf(pages(), file.name),
    records: async function* (columns, after = 0) {
      let line = 0;
      for await (const { lines, bytes } of pages()) {
        const records: DumpRecord[] = [];
        for (const text of lines) {
          line++;
          if (line <= (after as number) || text.trim() === '') continue;
          const fields = fieldsOf(text);
          records.push(
            fields === undefined
              ? { position: line, values: [], refused: 'not-json' }
              : {
                  position: line,
                  values: columns.map((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined)),
                },
          );
        }
        if (records.length > 0) yield { records, share: bytes / file.bytes };
      }
    } satisfies (columns: readonly string[], after?: DumpPosition) => AsyncGenerator<DumpPage>,
  };
}

function fieldsOf(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Of the first rows: not every row has all fields. A file in another format fails at the first one. */
async function columnsOf(
  pages: AsyncIterable<{ readonly lines: readonly string[] }>,
  name: string,
): Promise<readonly string[]> {
  const columns = new Set<string>();
  let line = 0;
  for await (const { lines } of pages) {
    for (const text of lines) {
      line++;
      if (text.trim() === '') continue;
      const fields = fieldsOf(text);
      if (fields === undefined && columns.size === 0) throw notJsonLines(name, line, text);
      for (const column of Object.keys(fields ?? {})) columns.add(column);
    }
    if (columns.size > 0) return [...columns];
  }
  throw new SluiceError('DATA_INVALID', `${name} has only blank lines. Name a file that has rows.`);
}

function notJsonLines(name: string, line: number, text: string): SluiceError {
  const advice = text.trimStart().startsWith('[')
    ? 'A JSON array is not JSON Lines: write one object a line, such as with jq -c ".[]"'
    : 'Correct it, or give --format csv or tsv';
  return new SluiceError(
    'DATA_INVALID',
    `${name}, row ${line}: this is not a JSON object on one line. ${advice}.`,
  );
}

async function* linesOf(
  texts: AsyncIterable<DecodedText>,
  name: string,
  encoding: string,
): AsyncGenerator<{ readonly lines: readonly string[]; readonly bytes: number }> {
  let count = 0;
  let [rest, bytes] = ['', 0];
  try {
    for await (const { text, bytes: read } of texts) {
      bytes = read;
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      count += lines.length;
      if (rest.length > LONGEST_ROW)
        throw new SluiceError(
          'DATA_INVALID',
          `${name}, row ${count + 1}: the line does not end within 16 MiB. Write one object a line.`,
        );
      if (lines.length > 0) yield { lines, bytes };
    }
  } catch (error) {
    throw error instanceof UndecodableBytes ? undecodable(name, count + 1, encoding) : error;
  }
  if (rest !== '') yield { lines: [rest], bytes };
}
