import type { ColumnType, Kysely } from 'kysely';
import type { Role } from '../../core/roles.ts';
import type { InvitationKind } from '../../ports/account-store.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type EpochMs = ColumnType<number | string, number, number>;
type NullableEpochMs = ColumnType<number | string | null, number | null | undefined, number | null>;
type NullableText = ColumnType<string | null, string | null | undefined, never>;
type RowId = ColumnType<number | string, number | undefined, never>;
type Reference = ColumnType<number | string, number, never>;

export interface AccountTable {
  readonly id: RowId;
  readonly name: string;
  /** Unique. */
  readonly name_key: string;
  readonly role: Role;
  readonly password: string | null;
  readonly created_at: EpochMs;
  readonly disabled_at: NullableEpochMs;
  readonly logged_in_at: NullableEpochMs;
  /** Unique: SHA-256 of issuer and subject, in hex. The three are null for an account without an identity. */
  readonly identity_key: NullableText;
  readonly issuer: NullableText;
  readonly subject: NullableText;
}

export interface SessionTable {
  readonly id: RowId;
  /** Unique. */
  readonly sha256: string;
  readonly account_id: Reference;
  readonly created_at: EpochMs;
  readonly seen_at: EpochMs;
  readonly ends_at: EpochMs;
}

export interface ApiTokenTable {
  readonly id: RowId;
  /** Unique. */
  readonly sha256: string;
  readonly name: string;
  /** With a space between two. */
  readonly scopes: string;
  readonly account_id: Reference;
  readonly created_at: EpochMs;
  readonly ends_at: NullableEpochMs;
}

export interface InvitationTable {
  readonly id: RowId;
  /** Unique. */
  readonly sha256: string;
  readonly kind: InvitationKind;
  readonly role: Role;
  readonly account_id: ColumnType<number | string | null, number | null, never>;
  readonly created_by: string;
  readonly created_at: EpochMs;
  readonly ends_at: EpochMs;
}

/** The tables of who may do what. */
export async function createAccounts(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, integer } = flavour.types;
  const create = (table: string) => database.schema.createTable(table).ifNotExists().addColumn('id', key);
  await create('account')
    .addColumn('name', name, (column) => column.notNull())
    .addColumn('name_key', name, (column) => column.notNull())
    .addColumn('role', name, (column) => column.notNull())
    .addColumn('password', name)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('disabled_at', integer)
    .addUniqueConstraint('account_by_name', ['name_key'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await create('session')
    .addColumn('sha256', name, (column) => column.notNull())
    .addColumn('account_id', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('seen_at', integer, (column) => column.notNull())
    .addColumn('ends_at', integer, (column) => column.notNull())
    .addUniqueConstraint('session_by_secret', ['sha256'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await create('api_token')
    .addColumn('sha256', name, (column) => column.notNull())
    .addColumn('name', name, (column) => column.notNull())
    .addColumn('scopes', name, (column) => column.notNull())
    .addColumn('account_id', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('ends_at', integer)
    .addUniqueConstraint('api_token_by_secret', ['sha256'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await create('invitation')
    .addColumn('sha256', name, (column) => column.notNull())
    .addColumn('kind', name, (column) => column.notNull())
    .addColumn('role', name, (column) => column.notNull())
    .addColumn('account_id', integer)
    .addColumn('created_by', name, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('ends_at', integer, (column) => column.notNull())
    .addUniqueConstraint('invitation_by_secret', ['sha256'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  for (const table of ['session', 'api_token'] as const)
    await flavour.createIndex(database, {
      name: `${table}_by_account`,
      table,
      columns: ['account_id'],
    });
}

/** Who logs in by an identity provider, and when somebody last did. */
export async function addIdentities(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const there = new Set(await flavour.columnsOf(database, 'account'));
  const { name, text, integer } = flavour.types;
  const columns = { identity_key: name, issuer: text, subject: text, logged_in_at: integer };
  for (const [column, type] of Object.entries(columns))
    if (!there.has(column)) await database.schema.alterTable('account').addColumn(column, type).execute();
  await flavour.createIndex(database, {
    ...{ name: 'account_by_identity', table: 'account', columns: ['identity_key'], isUnique: true },
  });
}
