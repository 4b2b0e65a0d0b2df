import type { ColumnType, Kysely } from 'kysely';
import type { GuardState } from '../../core/guard-counts.ts';
import type { VerdictName } from '../../core/verdict.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type Integer = ColumnType<number | string, number, number>;

/** Messages that the active model and the shadow gave different verdicts. */
export interface ShadowDisagreementTable {
  readonly id: ColumnType<number | string, undefined, never>;
  readonly community: string;
  readonly message_id: string;
  readonly message: string;
  readonly sender: string | null;
  readonly active_model: string;
  readonly shadow_model: string;
  readonly active_verdict: VerdictName;
  readonly shadow_verdict: VerdictName;
  readonly active_probability: number | null;
  readonly shadow_probability: number | null;
  /** JSON arrays of strings. */
  readonly active_reasons: string;
  readonly shadow_reasons: string;
  /** Epoch milliseconds. */
  readonly created_at: Integer;
}

/** How many messages got which two verdicts. */
export interface ShadowCountTable {
  readonly active_model: string;
  readonly shadow_model: string;
  readonly active_verdict: VerdictName;
  readonly shadow_verdict: VerdictName;
  readonly messages: Integer;
}

/** Versions that became active, and whether the guard lets their spam through. */
export interface ModelGuardTable {
  readonly version: string;
  readonly state: ColumnType<GuardState, GuardState, GuardState>;
  readonly before_version: ColumnType<string | null, string | null, never>;
  readonly messages: Integer;
  readonly spam_more: Integer;
  readonly spam_fewer: Integer;
  readonly review_more: Integer;
  readonly review_fewer: Integer;
  readonly decided: ColumnType<string | null, string | null, string | null>;
  /** Epoch milliseconds. */
  readonly began_at: Integer;
  readonly changed_at: Integer;
}

export async function createShadow(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, id, name, text, integer, real } = flavour.types;
  const disagreement = database.schema
    .createTable('shadow_disagreement')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('community', id, (column) => column.notNull())
    .addColumn('message_id', id, (column) => column.notNull())
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('sender', text)
    .addColumn('active_model', name, (column) => column.notNull())
    .addColumn('shadow_model', name, (column) => column.notNull())
    .addColumn('active_verdict', name, (column) => column.notNull())
    .addColumn('shadow_verdict', name, (column) => column.notNull())
    .addColumn('active_probability', real)
    .addColumn('shadow_probability', real)
    .addColumn('active_reasons', text, (column) => column.notNull())
    .addColumn('shadow_reasons', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull());
  await flavour
    .unique(disagreement, 'shadow_once', ['community', 'message_id', 'active_model', 'shadow_model'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await flavour.createIndex(database, {
    name: 'shadow_by_models',
    table: 'shadow_disagreement',
    columns: ['active_model', 'shadow_model', 'id'],
  });
  await flavour.createIndex(database, {
    name: 'shadow_by_time',
    table: 'shadow_disagreement',
    columns: ['created_at'],
  });
  await database.schema
    .createTable('shadow_count')
    .ifNotExists()
    .addColumn('active_model', name, (column) => column.notNull())
    .addColumn('shadow_model', name, (column) => column.notNull())
    .addColumn('active_verdict', name, (column) => column.notNull())
    .addColumn('shadow_verdict', name, (column) => column.notNull())
    .addColumn('messages', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('shadow_count_key', [
      'active_model',
      'shadow_model',
      'active_verdict',
      'shadow_verdict',
    ])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema
    .createTable('model_guard')
    .ifNotExists()
    .addColumn('version', name, (column) => column.notNull().primaryKey())
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('before_version', name)
    .addColumn('messages', integer, (column) => column.notNull())
    .addColumn('spam_more', integer, (column) => column.notNull())
    .addColumn('spam_fewer', integer, (column) => column.notNull())
    .addColumn('review_more', integer, (column) => column.notNull())
    .addColumn('review_fewer', integer, (column) => column.notNull())
    .addColumn('decided', text)
    .addColumn('began_at', integer, (column) => column.notNull())
    .addColumn('changed_at', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
}
