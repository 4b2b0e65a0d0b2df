import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { Input } from '../app/tasks/score-inputs.ts';
import { SluiceError } from '../core/errors.ts';
import { linesOf } from './input-lines.ts';

export const inputFormats = ['jsonl', 'csv', 'text'] as const;
export type InputFormat = (typeof inputFormats)[number];

/** An input, and how to name it where it has no readable id of its own. */
export interface NumberedInput {
  /** Line of the file for jsonl and text, row below the header for csv; from 1. */
  readonly number: number;
  readonly input: Input;
}

/** By the extension of the file; JSON lines if that is unknown. */
export function formatOf(file: string): InputFormat {
  if (/\.csv$/i.test(file)) return 'csv';
  return /\.(?:txt|text)$/i.test(file) ? 'text' : 'jsonl';
}

/**
 * Reads inputs, a chunk's worth at a time. Blank lines are skipped. `limit`: bytes above which a message is too large anyway. A damaged csv file
 * throws `DATA_INVALID`; any other bad input is an input with an error.
 */
export async function* readInputs(
  chunks: AsyncIterable<Uint8Array>,
  format: InputFormat,
  limit: number,
): AsyncGenerator<readonly NumberedInput[]> {
  switch (format) {
    case 'jsonl':
      for await (const lines of linesOf(chunks, limit))
        yield lines.map(({ number, bytes }) => ({ number, input: { bytes } }));
      return;
    case 'text':
      for await (const lines of linesOf(chunks, limit))
        yield lines.map(({ number, bytes }) => ({ number, input: textInput(number, bytes) }));
      return;
    case 'csv':
      yield* csvInputs(chunks, limit);
      return;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textInput(number: number, line: Uint8Array): Input {
  let message: string;
  try {
    message = utf8.decode(line);
  } catch {
    return { error: { code: 'invalid-utf8', message: 'the line is not UTF-8' } };
  }
  return messageInput({ message, message_id: String(number) });
}

function messageInput(message: Readonly<Record<string, string>>): Input {
  return { bytes: Buffer.from(JSON.stringify(message)) };
}

/** Columns that become fields of the message, by the names that people give them; case does not count. */
const columns: Readonly<Record<string, readonly string[]>> = {
  message: ['message', 'text'],
  message_id: ['message_id', 'id'],
  community: ['community'],
  sender: ['sender'],
  language: ['language'],
};

function columnsOf(header: readonly string[]): ReadonlyMap<string, number> {
  const names = header.map((name) => name.trim().toLowerCase());
  const found = new Map<string, number>();
  for (const [field, accepted] of Object.entries(columns)) {
    const at = accepted.map((name) => names.indexOf(name)).find((index) => index !== -1);
    if (at !== undefined) found.set(field, at);
  }
  if (!found.has('message'))
    throw new SluiceError(
      'DATA_INVALID',
      'The csv has no column "message" or "text"; name the column of the text so.',
    );
  return found;
}

async function* csvInputs(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly NumberedInput[]> {
  let at: ReadonlyMap<string, number> | undefined;
  let number = 0;
  for await (const rows of csvRows(chunks, limit)) {
    const inputs: NumberedInput[] = [];
    for (const row of rows) {
      if (at === undefined) {
        at = columnsOf(row);
        continue;
      }
      number += 1;
      const fields = [...at]
        .map(([field, index]) => [field, row[index] ?? ''])
        .filter(([, value]) => value !== '');
      inputs.push({
        number,
        input: messageInput({ message: '', message_id: String(number), ...Object.fromEntries(fields) }),
      });
    }
    if (inputs.length > 0) yield inputs;
  }
  if (at === undefined)
    throw new SluiceError('DATA_INVALID', 'The csv is empty; its first line names the columns.');
}

async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly string[][]> {
  // A quote that is never closed would otherwise be one row without end.
  const longest = Math.max(16 * limit, 1_048_576);
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longest,
  });
  // A failure destroys the parser with its error, which the loop below then throws.
  pipeline(Readable.from(decoded(chunks)), parser).catch(() => undefined);
  try {
    let rows: string[][] = [];
    for await (const row of parser) {
      rows.push(row as string[]);
      // All that has been parsed so far; the next row may be long in coming.
      if (parser.readableLength > 0) continue;
      yield rows;
      rows = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SluiceError('DATA_INVALID', `The csv cannot be read: ${csvReason(error)}. Correct that row.`);
  }
}

/** Without the row itself, which the parser's own sentence may quote. */
function csvReason(error: CsvError): string {
  const line = typeof error.lines === 'number' ? `, line ${error.lines}` : '';
  return `${error.code.replace(/^CSV_/, '').toLowerCase().replaceAll('_', ' ')}${line}`;
}

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk: Uint8Array | undefined) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new SluiceError('DATA_INVALID', 'The csv is not UTF-8. Save it as UTF-8 and try again.');
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode(undefined);
}
