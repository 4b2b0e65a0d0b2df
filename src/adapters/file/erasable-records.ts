import { storedMessageOf } from '../../core/stored-message.ts';
import type { StoredRecord } from '../../ports/erasable-store.ts';

/** Whose a line is. Null where it has no text of a message: only what is scanned of it then. */
export type RecordOfLine = (line: Buffer) => StoredRecord | { readonly ids: Uint8Array };

/** A line that is a message: of an inbox, or of the review spool, whose fields have the same names. */
export const messageLine: RecordOfLine = (line) => storedMessageOf(line);

/** A dead letter: its message is in base64. */
export const deadLetterLine: RecordOfLine = (line) => {
  const raw = rawOf(parsed(line));
  return raw === undefined ? unreadable(line) : storedMessageOf(raw);
};

/** A refused record: a dead letter, or a verdict or an outcome, which have ids alone. */
export const refusedLine: RecordOfLine = (line) => {
  const value = parsed(line) as { readonly sink?: unknown; readonly record?: unknown } | undefined;
  if (value?.sink === 'verdicts' || value?.sink === 'trace') return { ids: scannedOf(value) };
  const raw = rawOf(value?.record);
  return raw === undefined ? unreadable(line) : storedMessageOf(raw);
};

/**
 * A verdict or an outcome. Reasons name features of the model, which may be words that the text has too, and so may the ids, which stay.
 */
export const idsLine: RecordOfLine = (line) => {
  const value = parsed(line);
  return value === undefined ? unreadable(line) : { ids: scannedOf(value) };
};

const kept: ReadonlySet<string> = new Set(['community', 'message_id', 'reasons']);

function scannedOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value, (key, each: unknown) => (kept.has(key) ? undefined : each)));
}

function unreadable(line: Buffer): StoredRecord {
  return { texts: [], unreadable: line };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString()) as unknown;
  } catch {
    return undefined;
  }
}

function rawOf(value: unknown): Uint8Array | undefined {
  const raw = (value as { readonly raw?: unknown } | null | undefined)?.raw;
  return typeof raw === 'string' ? Buffer.from(raw, 'base64') : undefined;
}
