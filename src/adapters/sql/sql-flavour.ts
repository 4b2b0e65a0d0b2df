import { type Expression, type RawBuilder, sql } from 'kysely';

/** Where the two dialects differ and Kysely leaves it to its user. */
export interface SqlFlavour {
  readonly name: 'sqlite' | 'mysql';
  /** Rows of one `insert`: many where each statement is a journey, one where it is a call and can stay prepared. */
  readonly rowsPerInsert: number;
  /** Types of columns. `id` holds any identifier and is compared byte by byte; `text` any message. */
  readonly types: {
    readonly key: RawBuilder<unknown>;
    readonly id: RawBuilder<unknown>;
    readonly name: RawBuilder<unknown>;
    readonly text: RawBuilder<unknown>;
    readonly integer: RawBuilder<unknown>;
    readonly real: RawBuilder<unknown>;
  };
  /** Ends `create table`. */
  readonly tableOptions: Expression<unknown>;
  /**
   * Ends an `insert` so that a row whose identity is there already is passed over, and nothing else is: MySQL's
   * `insert ignore` would also hide a text that was cut.
   */
  readonly passOverExisting: Expression<unknown>;
  /** Selects a text that a user wrote, which may hold a NUL; {@link decodeText} makes a string of what comes. */
  readonly selectText: (column: Expression<string | null>) => RawBuilder<unknown>;
  readonly decodeText: (value: unknown) => string;
}

const decoder = new TextDecoder();

export const sqliteFlavour: SqlFlavour = {
  name: 'sqlite',
  rowsPerInsert: 1,
  types: {
    key: sql`integer primary key autoincrement`,
    id: sql`text`,
    name: sql`text`,
    text: sql`text`,
    integer: sql`integer`,
    real: sql`real`,
  },
  tableOptions: sql`strict`,
  passOverExisting: sql`on conflict do nothing`,
  // libsql stores a text whole and gives it back only as far as its first NUL.
  selectText: (column) => sql`cast(${column} as blob)`,
  decodeText: (value) => (typeof value === 'string' ? value : decoder.decode(value as ArrayBuffer)),
};
