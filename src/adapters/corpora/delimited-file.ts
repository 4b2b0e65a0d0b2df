import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Label, LabelledMessage, LabelledMessages } from '../../ports/labelled-messages.ts';
import { decodeText } from './decode-text.ts';
import { fillPlaceholders } from './placeholders.ts';

interface Row {
  /** As people count: the header is row 1. */
  readonly number: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const LABEL_COLUMNS = ['label', 'class', 'v1'];
const TEXT_COLUMNS = ['text', 'message', 'v2'];
const LABELS: Readonly<Record<string, Label>> = { spam: 'spam', '1': 'spam', ham: 'ham', '0': 'ham' };

/**
 * Labeled messages in a CSV, TSV or JSON Lines file, UTF-8 or ISO-8859-1, with its placeholders filled, see placeholders.ts.
 * Columns: `label` (spam or ham, 1 or 0) and `text` or
 * `message`; `lang` or `language`, `group`, `community` and `sent_at` where there are any; others are ignored. Without a header: the SMS Spam
 * Collection's `label TAB text`. With `v1,v2`: its form on Kaggle.
 */
export class DelimitedFile implements LabelledMessages {
  readonly name: string;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.name = basename(path);
  }

  async *read(): AsyncIterable<LabelledMessage> {
    const text = decodeText(await this.#bytes(), this.name).replace(/^\uFEFF/, '');
    if (text.trim() === '') throw this.#invalid(1, 'the file is empty');
    let rows = 0;
    let columns: Columns | undefined;
    for (const row of this.#rows(text)) {
      columns ??= this.#columnsOf(row);
      rows++;
      yield this.#toMessage(row, columns);
    }
    if (rows === 0) throw this.#invalid(1, 'the file has a header and no messages');
  }

  async #bytes(): Promise<Uint8Array> {
    try {
      return await readFile(this.#path);
    } catch (error) {
      throw new SluiceError(
        'DATA_UNREADABLE',
        `${this.#path} cannot be read (${describeError(error)}). Check the path and its rights.`,
        { cause: error },
      );
    }
  }

  #rows(text: string): Iterable<Row> {
    const firstLine = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length);
    if (/\.(jsonl|ndjson)$/i.test(this.name) || firstLine.startsWith('{')) return this.#jsonRows(text);
    if (/^(spam|ham)\t/.test(firstLine)) return this.#tabRows(text);
    return this.#delimitedRows(text, firstLine.includes('\t') ? '\t' : ',');
  }

  *#jsonRows(text: string): Iterable<Row> {
    let number = 0;
    for (const line of text.split('\n')) {
      number++;
      if (line.trim() === '') continue;
      let fields: unknown;
      try {
        fields = JSON.parse(line);
      } catch {
        throw this.#invalid(number, 'the line is not JSON');
      }
      if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
        throw this.#invalid(number, 'the line is not a JSON object');
      yield { number, fields: fields as Record<string, unknown> };
    }
  }

  /** Quotes mean nothing here: the collection has texts that begin with one. */
  *#tabRows(text: string): Iterable<Row> {
    let number = 0;
    for (const line of text.split('\n')) {
      number++;
      if (line.trim() === '') continue;
      const tab = line.indexOf('\t');
      if (tab < 0) throw this.#invalid(number, 'expected "label TAB text"');
      yield { number, fields: { label: line.slice(0, tab), text: line.slice(tab + 1).replace(/\r$/, '') } };
    }
  }

  *#delimitedRows(text: string, delimiter: string): Iterable<Row> {
    let records: string[][];
    try {
      records = parse(text, {
        delimiter,
        skip_empty_lines: true,
        relax_column_count: true,
        relax_quotes: true,
      });
    } catch (error) {
      const row = error instanceof CsvError && typeof error.lines === 'number' ? error.lines : 1;
      throw this.#invalid(row, 'a quoted field does not end or is followed by other characters');
    }
    const header = (records[0] ?? []).map((name) => name.trim().toLowerCase());
    for (let at = 1; at < records.length; at++) {
      const fields: Record<string, unknown> = {};
      for (const [column, name] of header.entries()) if (name !== '') fields[name] = records[at]![column];
      yield { number: at + 1, fields };
    }
  }

  #columnsOf(row: Row): Columns {
    const names = Object.keys(row.fields);
    const find = (wanted: readonly string[]) => wanted.find((name) => names.includes(name));
    const label = find(LABEL_COLUMNS);
    if (label === undefined)
      throw this.#invalid(1, `there is no label column: one of ${LABEL_COLUMNS.join(', ')} is needed`);
    const text = find(TEXT_COLUMNS);
    if (text === undefined)
      throw this.#invalid(1, `there is no text column: one of ${TEXT_COLUMNS.join(', ')} is needed`);
    return {
      label,
      text,
      language: find(['lang', 'language']),
      group: find(['group']),
      community: find(['community']),
      sentAt: find(['sent_at']),
    };
  }

  #toMessage(row: Row, columns: Columns): LabelledMessage {
    const label =
      LABELS[
        String(row.fields[columns.label] ?? '')
          .trim()
          .toLowerCase()
      ];
    if (label === undefined)
      throw this.#invalid(row.number, `the label is neither spam nor ham (column "${columns.label}")`);
    const text = row.fields[columns.text];
    if (typeof text !== 'string')
      throw this.#invalid(row.number, `there is no text (column "${columns.text}")`);
    const language = optionalText(row.fields, columns.language);
    const group = optionalText(row.fields, columns.group);
    const community = optionalText(row.fields, columns.community);
    const at = columns.sentAt === undefined ? undefined : timeOf(row.fields[columns.sentAt]);
    return {
      origin: `${this.name}, row ${row.number}`,
      text: fillPlaceholders(text),
      label,
      ...(language === undefined ? {} : { language }),
      ...(group === undefined ? {} : { group }),
      ...(community === undefined ? {} : { community }),
      ...(at === undefined ? {} : { at }),
    };
  }

  #invalid(row: number, what: string): SluiceError {
    return new SluiceError(
      'DATA_INVALID',
      `${this.name}, row ${row}: ${what}. Correct the file and try again.`,
    );
  }
}

interface Columns {
  readonly label: string;
  readonly text: string;
  readonly language: string | undefined;
  readonly group: string | undefined;
  readonly community: string | undefined;
  readonly sentAt: string | undefined;
}

function optionalText(
  fields: Readonly<Record<string, unknown>>,
  column: string | undefined,
): string | undefined {
  const value = column === undefined ? undefined : fields[column];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** RFC 3339 or epoch milliseconds, as messages have it; undefined for what is neither, since no label depends on it. */
function timeOf(value: unknown): number | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  const time = /^-?\d+$/.test(text)
    ? Number(text)
    : /^\d{4}-\d{2}/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  // A number of milliseconds may be outside of what a date can be.
  return Number.isNaN(new Date(time).getTime()) ? undefined : time;
}
