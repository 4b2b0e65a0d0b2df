import { CsvError, type Parser, parse } from 'csv-parse';
import { SluiceError } from '../../core/errors.ts';
import { type DecodedText, UndecodableBytes, undecodable } from './decoded-text.ts';

/** A row that is longer is a quote that does not end. UTF-16 code units. */
export const LONGEST_ROW = 16 * 1024 * 1024;

export interface DelimitedForm {
  readonly name: string;
  readonly encoding: string;
  readonly delimiter: string;
  /** Whether a field in quotes may hold delimiters and line breaks. */
  readonly quotes: boolean;
}

export interface RowPage {
  readonly rows: readonly (readonly string[])[];
  /** Bytes of the file that have been read. */
  readonly bytes: number;
}

/** Rows of CSV or TSV, all that a piece of text completes at a time; an empty line is a row of one empty field. Throws `DATA_INVALID`. */
export async function* delimitedRows(
  texts: AsyncIterable<DecodedText>,
  form: DelimitedForm,
): AsyncGenerator<RowPage> {
  const parser = parse({
    delimiter: form.delimiter,
    quote: form.quotes ? '"' : null,
    // Also where a file mixes them.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  });
  // What fails is thrown by the calls below.
  parser.on('error', () => undefined);
  let [count, bytes] = [0, 0];
  try {
    for await (const { text, bytes: read } of texts) {
      bytes = read;
      const rows = await written(parser, text);
      count += rows.length;
      if (rows.length > 0) yield { rows, bytes };
    }
    parser.end();
    const rows: string[][] = [];
    for await (const row of parser) rows.push(row as string[]);
    if (rows.length > 0) yield { rows, bytes };
  } catch (error) {
    if (error instanceof UndecodableBytes) {
      // The parser holds a row back until it sees what follows.
      count += (await written(parser, 'xxxx').catch(() => [])).length;
      throw undecodable(form.name, count + 1, form.encoding);
    }
    throw error instanceof CsvError ? damaged(form, error) : error;
  } finally {
    parser.destroy();
  }
}

/** The rows that a piece of text completes. */
async function written(parser: Parser, text: string): Promise<readonly string[][]> {
  const rows: string[][] = [];
  const accepted = new Promise<void>((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(error) : resolve()));
  });
  for (let row = parser.read(); row !== null; row = parser.read()) rows.push(row as string[]);
  await accepted;
  return rows;
}

/** Without the row itself, which the parser's own sentence may quote. */
function damaged({ name }: DelimitedForm, error: CsvError): SluiceError {
  const row = typeof error.records === 'number' ? error.records + 1 : 1;
  const what =
    error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
      ? 'a quoted field that begins here does not end'
      : 'a quote that is neither around a field nor doubled';
  return new SluiceError(
    'DATA_INVALID',
    `${name}, row ${row}: ${what}. Correct that row, or give --quotes off if quotes mean nothing in this file.`,
  );
}
