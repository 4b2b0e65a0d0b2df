import type { ColumnType, Kysely } from 'kysely';
import type { Gate } from '../../core/gate-report.ts';
import type { RetrainState, RetrainStep } from '../../core/retrain-run.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type Integer = ColumnType<number | string, number, number>;
type NullableInteger = ColumnType<number | string | null, number | null | undefined, number | null>;
type NullableText = ColumnType<string | null, string | null | undefined, string | null>;

/** Retrainings. The process that may write them is the holder of the lease `retrain`. */
export interface RetrainRunTable {
  readonly id: ColumnType<number | string, undefined, never>;
  readonly state: ColumnType<RetrainState, RetrainState, RetrainState>;
  readonly step: ColumnType<RetrainStep | null, RetrainStep | null | undefined, RetrainStep | null>;
  readonly who: string;
  readonly gate: Gate;
  readonly due: NullableInteger;
  readonly champion: NullableText;
  readonly challenger: NullableText;
  /** JSON of an `IntendedPromotion`. */
  readonly intended: NullableText;
  /** JSON of a `GateReport`. */
  readonly report: NullableText;
  readonly note: NullableText;
  readonly started_at: Integer;
  readonly finished_at: NullableInteger;
}

export async function createRetrainRuns(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, text, integer } = flavour.types;
  await database.schema
    .createTable('retrain_run')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('step', name)
    .addColumn('who', name, (column) => column.notNull())
    .addColumn('gate', name, (column) => column.notNull())
    .addColumn('due', integer)
    .addColumn('champion', name)
    .addColumn('challenger', name)
    .addColumn('intended', text)
    .addColumn('report', text)
    .addColumn('note', text)
    .addColumn('started_at', integer, (column) => column.notNull())
    .addColumn('finished_at', integer)
    .modifyEnd(flavour.tableOptions)
    .execute();
  for (const [index, ...columns] of [
    ['retrain_run_by_state', 'state', 'id'],
    ['retrain_run_by_due', 'due', 'id'],
  ] as const)
    await flavour.createIndex(database, { name: index, table: 'retrain_run', columns });
}
