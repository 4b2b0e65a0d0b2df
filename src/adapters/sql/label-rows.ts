import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type LabelRow, type LabelStepKind, stepOf } from '../../core/label-step.ts';
import type { LabelCounts, LabelRowFilter, LabelStore } from '../../ports/label-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { labelIndexes, labelKeys, labelOfKey } from './label-tables.ts';
import { restoredText } from './lossless-text.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type Connection = Kysely<SluiceDatabase>;

/** Ids that one statement looks at, so that none takes long where few rows are wanted. */
const WINDOW_IDS = 100_000;
/** Ids of one list. */
const IDS_AT_ONCE = 500;

interface ReadRow {
  readonly id: number | string;
  readonly label_key: number | string;
  readonly message: unknown;
  readonly community: unknown;
  readonly source: string;
  readonly labelled_by: string | null;
  readonly near_group: string | null;
}

/** A page of rows, ascending by id. */
export async function readLabelRows(
  connection: Connection,
  flavour: SqlFlavour,
  { after, limit, filter = {} }: Parameters<LabelStore['rows']>[0],
): Promise<readonly LabelRow[]> {
  const { index, where } = conditionsOf(filter);
  const { rows } = await sql<ReadRow>`select ${columnsOf(flavour)}
    from ${flavour.fromIndex(flavour.trainingTable, index, false)}
    where ${where} and id > ${after} order by id limit ${limit}`.execute(connection);
  return rows.map((row) => labelRowOf(row, flavour));
}

export async function readRowsOf(
  connection: Connection,
  flavour: SqlFlavour,
  ids: readonly number[],
): Promise<readonly LabelRow[]> {
  const found: LabelRow[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const { rows } = await sql<ReadRow>`select ${columnsOf(flavour)} from ${sql.table(flavour.trainingTable)}
      where id in (${sql.join(ids.slice(from, from + IDS_AT_ONCE))})`.execute(connection);
    found.push(...rows.map((row) => labelRowOf(row, flavour)));
  }
  return found;
}

/** Counts the table window by window: one statement over all of it would take longer than a statement may. */
export async function countLabels(connection: Connection, flavour: SqlFlavour): Promise<LabelCounts> {
  const kinds = new Map(
    (await connection.selectFrom('label_step').select(['id', 'kind']).execute()).map(({ id, kind }) => [
      integerOf(id),
      kind,
    ]),
  );
  const groups = new Map<string, Counted>();
  let all = 0;
  for await (const counted of countedWindows(connection, flavour)) {
    const { source } = counted;
    const key = integerOf(counted.label_key);
    const label = labelOfKey(key);
    const by = label === null ? null : whoLabeled(counted.labelled_by, kinds);
    const rows = integerOf(counted.rows);
    const name = JSON.stringify([label, source, by]);
    const group = groups.get(name) ?? { label, source, by, rows: 0 };
    groups.set(name, { ...group, rows: group.rows + rows });
    all += rows;
  }
  return { rows: all, groups: [...groups.values()] };
}

type Counted = LabelCounts['groups'][number];

interface CountedRow {
  readonly label_key: number | string;
  readonly source: string;
  readonly labelled_by: string | null;
  readonly rows: number | string;
}

async function* countedWindows(connection: Connection, flavour: SqlFlavour): AsyncGenerator<CountedRow> {
  const table = sql.table(flavour.trainingTable);
  for (let after = 0; ; after += WINDOW_IDS) {
    // Ids may have large gaps.
    const first = await sql<{ id: number | string | null }>`select min(id) as id from ${table}
      where id > ${after}`.execute(connection);
    const next = first.rows[0]?.id ?? null;
    if (next === null) return;
    after = integerOf(next) - 1;
    const { rows } =
      await sql<CountedRow>`select label_key, source, labelled_by, count(*) as ${sql.ref('rows')}
      from ${table} where id > ${after} and id <= ${after + WINDOW_IDS}
      group by label_key, source, labelled_by`.execute(connection);
    yield* rows;
  }
}

function whoLabeled(by: string | null, kinds: ReadonlyMap<number, LabelStepKind>): Counted['by'] {
  if (by === null) return 'unknown';
  const step = stepOf(by);
  return step === undefined ? 'person' : (kinds.get(step) ?? 'unknown');
}

/** Conditions with the index that has their rows by ids; undefined where that is the table itself. */
function conditionsOf({ label, import: step }: LabelRowFilter): {
  readonly index: string | undefined;
  readonly where: RawBuilder<unknown>;
} {
  const conditions = [
    ...(label === undefined ? [] : [sql`label_key = ${sql.lit(labelKeys[label])}`]),
    ...(step === undefined ? [] : [sql`import_step = ${step}`]),
  ];
  const index =
    step !== undefined ? labelIndexes.import : label !== undefined ? labelIndexes.label : undefined;
  return { index, where: conditions.length === 0 ? sql`1 = 1` : sql.join(conditions, sql` and `) };
}

function columnsOf({ selectText }: SqlFlavour): RawBuilder<unknown> {
  return sql`id, label_key, ${selectText(sql.ref('message'))} as ${sql.ref('message')},
    ${selectText(sql.ref('community'))} as ${sql.ref('community')}, source, labelled_by, near_group`;
}

function labelRowOf(row: ReadRow, { decodeText }: SqlFlavour): LabelRow {
  return {
    id: integerOf(row.id),
    message: decodeText(row.message),
    community: restoredText(decodeText(row.community)),
    source: row.source,
    label: labelOfKey(integerOf(row.label_key)),
    labelled_by: row.labelled_by,
    near_group: row.near_group,
  };
}
