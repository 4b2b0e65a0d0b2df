/** Why a row of a dump is not imported, in words. */
export const refusalWords = {
  ragged:
    'a row with more or fewer fields than the header; a field with a delimiter or a line break needs quotes',
  'not-json': 'a line that is not a JSON object',
  'no-text': 'a row without text',
  'too-long': 'a message above the cap (messages.maxBytes)',
  nul: 'a text with a NUL character',
  label: 'a label that is neither spam nor ham; name its values with --spam-value and --ham-value',
  name: 'a source or a community that is longer than 191 characters, or the source "review"',
} as const;
export type DumpRefusal = keyof typeof refusalWords;

/** Where a row is: of a file the number of the row, its header being row 1, or of the line; of a table the key. */
export type DumpPosition = number | string;

export interface DumpRecord {
  readonly position: DumpPosition;
  /** The columns that were asked for, in that order; undefined or null where there is no value. */
  readonly values: readonly unknown[];
  /** Why it cannot be read at all; it has no values then. */
  readonly refused?: Extract<DumpRefusal, 'ragged' | 'not-json'>;
}

export interface DumpPage {
  readonly records: readonly DumpRecord[];
  /** From 0 to 1: how much of the dump has been read; null where that is not known. */
  readonly share: number | null;
}

/** Messages to import: a file, or a table of the database. Read as a stream; opening it again gives the same. */
export interface Dump {
  /** For messages: the file's name, or the table's. */
  readonly name: string;
  /** What a later resume compares, so that it goes on with the same dump. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Names of the columns, in the order of the dump; of JSON Lines the fields of its first rows. */
  readonly columns: readonly string[];
  /**
   * Its rows from after a position, in order. Throws `DATA_INVALID` with file and row where the rest cannot be read, `DATA_UNREADABLE` where the
   * file cannot, `STORE_FAILED` for a table.
   */
  records(columns: readonly string[], after?: DumpPosition): AsyncIterable<DumpPage>;
}
