import type { CreateTableBuilder, Expression, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { SearchedColumn } from './searched-column.ts';

/** Where the dialects differ and Kysely leaves it to its user. */
export interface SqlFlavour {
  /** Rows of one `insert`: many where each statement is a journey, one where it is a call and can stay prepared. */
  readonly rowsPerInsert: number;
  /** Characters of text of one `insert`, if it has more than one row: a server refuses a statement that is too long. */
  readonly textPerInsert: number;
  /** Types of columns. `id` holds any identifier and is compared byte by byte; `text` any message; `name` 191 characters. */
  readonly types: {
    readonly key: RawBuilder<unknown>;
    readonly id: RawBuilder<unknown>;
    readonly name: RawBuilder<unknown>;
    readonly text: RawBuilder<unknown>;
    /** A text that is searched by its words, whatever their case. */
    readonly searched: RawBuilder<unknown>;
    readonly integer: RawBuilder<unknown>;
    readonly real: RawBuilder<unknown>;
  };
  /** The default of an `id` that a writer of the table may leave out. */
  readonly emptyText: RawBuilder<unknown>;
  /** Ends `create table`. */
  readonly tableOptions: Expression<unknown>;
  /** Name of the table of labeled messages. */
  readonly trainingTable: string;
  /** Makes rows unique by columns of type `id` and `name`, however long they are. */
  readonly unique: <T extends string, C extends string>(
    table: CreateTableBuilder<T, C>,
    name: string,
    columns: readonly C[],
  ) => CreateTableBuilder<T, C>;
  /** Rows that have one of these identities, by the index that `unique` made of these columns, in this order. */
  readonly hasIdentity: (identities: readonly Readonly<Record<string, string>>[]) => Expression<SqlBool>;
  /** Makes an index unless it is there already. */
  readonly createIndex: (database: Kysely<unknown>, index: SqlIndex) => Promise<void>;
  /** Makes the words of a column of type `searched` findable, unless they are. */
  readonly createTextIndex: (database: Kysely<unknown>, index: SqlIndex) => Promise<void>;
  /** Makes the words of a column of type `text` findable by `wordsBegin`, unless they are. */
  readonly createSearch: (database: Kysely<unknown>, searched: SearchedColumn) => Promise<void>;
  /** The text of such a column, to be searched without an index. */
  readonly searchedText: (searched: SearchedColumn) => Expression<unknown>;
  /** Which words the index knows; it leaves out what it takes for too short or too frequent. */
  readonly parted: (words: readonly string[]) => {
    readonly indexed: readonly string[];
    readonly others: readonly string[];
  };
  /** Rows in which a word begins with each of these, which consist of letters and digits. */
  readonly wordsBegin: (searched: SearchedColumn, words: readonly string[]) => Expression<SqlBool>;
  /** The statement that selects the `id`s of such rows, newest first. */
  readonly idsWithWords: (
    searched: SearchedColumn,
    words: readonly string[],
    within: NewestWithin,
  ) => RawBuilder<unknown>;
  /**
   * Whether a row is one of the newest that have each of these words, which `parted` says are indexed, in the column of an index that
   * `createTextIndex` made. Bounded by `limit` where the dialect can; the caller limits in any case.
   */
  readonly isAmongNewest: (index: SqlIndex, words: readonly string[], limit: number) => RawBuilder<SqlBool>;
  /** A table, to be read by this index; `isSearched`: its words are searched as well. */
  readonly fromIndex: (table: string, index: string | undefined, isSearched: boolean) => RawBuilder<unknown>;
  /** Names of a table's columns; none where there is no such table. */
  readonly columnsOf: (database: Kysely<unknown>, table: string) => Promise<readonly string[]>;
  /** Names of the columns that a row is written with: no generated ones. */
  readonly writtenColumnsOf: (database: Kysely<unknown>, table: string) => Promise<readonly string[]>;
  /**
   * Makes a table that holds rows of another one as they are, by the same ids, unless it is there: with all columns that are
   * written, and an integer column of its own.
   */
  readonly createSideTable: (database: Kysely<unknown>, side: SideTable) => Promise<void>;
  /** Runs `work` while nobody else runs one on the same database; where the dialect can, all of it or nothing. */
  readonly exclusively: <D>(
    database: Kysely<D>,
    work: (connection: Kysely<D>) => Promise<void>,
  ) => Promise<void>;
  /** Begins a transaction that reads what it then changes. */
  readonly begin: RawBuilder<unknown>;
  /** Ends a `select` so that its rows are held until the transaction ends, without those that another one holds. */
  readonly skipLocked: Expression<unknown>;
  /** The same, after waiting for those that another transaction holds. */
  readonly waitForLocked: Expression<unknown>;
  /**
   * Ends an `insert` so that it skips a row whose identity exists, and hides no other error: MySQL's
   * `insert ignore` would also hide a text that was cut. `column`: one that is not null and not the key.
   */
  readonly passOverExisting: (column: string) => Expression<unknown>;
  /**
   * Ends an `insert` so that a row whose identity is there already takes the values that were to be inserted, where `when`
   * holds for it, and stays as it is elsewhere.
   */
  readonly updateExisting: (update: SqlUpdate) => Expression<unknown>;
  /** Selects a text that a user wrote, which may hold a NUL; {@link decodeText} makes a string of what comes. */
  readonly selectText: (column: Expression<string | null>) => RawBuilder<unknown>;
  readonly decodeText: (value: unknown) => string;
}

export interface SideTable {
  readonly name: string;
  /** The table whose rows it holds. */
  readonly of: string;
  readonly column: string;
}

export interface NewestWithin {
  /** Rows with lower ids alone. */
  readonly before: number;
  readonly most: number;
}

export interface SqlUpdate {
  /** By which rows are unique. */
  readonly identity: readonly string[];
  /**
   * What is updated. MySQL assigns one after the other and evaluates `when` before each, so `when` must still hold after any
   * number of these assignments, in this order.
   */
  readonly columns: readonly string[];
  /** `inserted`: what was to be inserted into a column; a column's bare name is what the row holds. */
  readonly when: (inserted: (column: string) => RawBuilder<unknown>) => RawBuilder<unknown>;
}

export interface SqlIndex {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** No two rows have the same values in its columns; null is the same as nothing. */
  readonly isUnique?: boolean;
}
