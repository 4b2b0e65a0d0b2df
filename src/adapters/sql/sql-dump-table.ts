import { type Kysely, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { Dump, DumpPage, DumpPosition } from '../../ports/dump.ts';
import type { SluiceDatabase } from './database-schema.ts';
import type { SqlFlavour } from './sql-flavour.ts';

const PAGE_ROWS = 2000;

export interface SqlDumpTableParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Runs what asks the database, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/**
 * A table of the database, to be imported in the order of a column whose values are all different. Throws `DATA_INVALID` where there is no such
 * table or column, and `USAGE` for the training table itself.
 */
export async function sqlDumpTable(
  { database, flavour, guard }: SqlDumpTableParts,
  { table, key: wantedKey }: { readonly table: string; readonly key: string },
): Promise<Dump> {
  if (table.toLowerCase() === flavour.trainingTable.toLowerCase())
    throw new SluiceError('USAGE', `${table} is the training table itself; name the table of the dump`);
  // A server lists them in no order.
  const columns = [
    ...(await guard(() => flavour.columnsOf(database as unknown as Kysely<unknown>, table))),
  ].sort();
  if (columns.length === 0)
    throw new SluiceError(
      'DATA_INVALID',
      `the database has no table ${table}. Check the name, and store.* in the settings.`,
    );
  const key = columns.find((column) => column.toLowerCase() === wantedKey.toLowerCase());
  if (key === undefined)
    throw new SluiceError(
      'DATA_INVALID',
      `the table ${table} has no column ${wantedKey} to be read in the order of. Its columns are ${columns.join(', ')}; name one whose values are all different with --key-column.`,
    );
  const [name, keyColumn] = [sql.table(table), sql.ref(key)];
  const textOf = (value: unknown) =>
    value instanceof Uint8Array || value instanceof ArrayBuffer ? flavour.decodeText(value) : value;
  return {
    name: table,
    identity: { table, key },
    columns,
    records: async function* (wanted, after) {
      // Under names of their own, since a column may be asked for twice.
      const selected = wanted.map(
        (column, at) => sql`${flavour.selectText(sql.ref(column))} as ${sql.ref(`value_${at}`)}`,
      );
      for (let last = after; ; ) {
        const where = last === undefined ? sql`` : sql`where ${keyColumn} > ${last}`;
        // With the first row of the next page, to see that no two rows have one key.
        const page = await guard(() =>
          sql<Record<string, unknown>>`select ${keyColumn} as ${sql.ref('position')}, ${sql.join(selected)}
            from ${name} ${where} order by ${keyColumn} limit ${PAGE_ROWS + 1}`.execute(database),
        );
        const positions = page.rows.map((row) => textOf(row.position) as DumpPosition | null);
        for (const [at, position] of positions.entries())
          if (position === null || position === positions[at - 1]) throw notUnique(table, key, position);
        const records = page.rows.slice(0, PAGE_ROWS).map((row, at) => ({
          position: positions[at]!,
          values: wanted.map((_, value) => textOf(row[`value_${value}`])),
        }));
        if (records.length > 0) yield { records, share: null };
        if (page.rows.length <= PAGE_ROWS) return;
        last = records.at(-1)!.position;
      }
    } satisfies (columns: readonly string[], after?: DumpPosition) => AsyncGenerator<DumpPage>,
  };
}

function notUnique(table: string, key: string, value: DumpPosition | null): SluiceError {
  return new SluiceError(
    'DATA_INVALID',
    `the table ${table} has ${value === null ? 'rows without a value' : `more than one row with ${value}`} in ${key}, by which it is read. Name a column whose values are all different with --key-column.`,
  );
}
