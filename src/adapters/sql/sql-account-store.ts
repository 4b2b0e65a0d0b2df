import type { Kysely } from 'kysely';
import type {
  Account,
  AccountStore,
  AccountTransaction,
  ApiToken,
  Invitation,
  Session,
} from '../../ports/account-store.ts';
import {
  accountColumns,
  accountOf,
  invitationColumns,
  invitationOf,
  sessionColumns,
  sessionOf,
  tokenOf,
} from './account-rows.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { inTransaction } from './in-transaction.ts';
import { SqlAccountTransaction, selectTokens } from './sql-account-transaction.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export interface SqlAccountStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Called after a commit where that alone does not survive a power cut. */
  readonly makeDurable: () => Promise<void>;
  /** Closes the database. */
  readonly close: () => Promise<void>;
  /** Runs what asks the database, again where transactions met, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** Accounts in SQL; MySQL, MariaDB and libsql differ in their {@link SqlFlavour} alone. */
export class SqlAccountStore implements AccountStore {
  readonly #parts: SqlAccountStoreParts;

  constructor(parts: SqlAccountStoreParts) {
    this.#parts = parts;
  }

  transact<T>(work: (transaction: AccountTransaction) => Promise<T>): Promise<T> {
    const { database, flavour, guard, makeDurable } = this.#parts;
    return guard(async () => {
      const result = await inTransaction(
        database,
        (connection) => work(new SqlAccountTransaction(connection, flavour)),
        flavour.begin,
      );
      await makeDurable();
      return result;
    });
  }

  async sessionBySecret(
    sha256: string,
  ): Promise<{ readonly session: Session; readonly account: Account } | undefined> {
    const { database, guard } = this.#parts;
    const row = await guard(() =>
      database
        .selectFrom('session')
        .innerJoin('account', 'account.id', 'session.account_id')
        .select(accountColumns)
        .select([
          ...(['session.id as session_id', 'session.created_at as session_created_at'] as const),
          ...(['session.seen_at', 'session.ends_at'] as const),
        ])
        .where('session.sha256', '=', sha256)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    const session = sessionOf({
      ...{ id: row.session_id, account_id: row.id, created_at: row.session_created_at },
      ...{ seen_at: row.seen_at, ends_at: row.ends_at },
    });
    return { session, account: accountOf(row) };
  }

  async sessionSeen(id: number, at: number): Promise<void> {
    const { database, guard } = this.#parts;
    await guard(() => database.updateTable('session').set({ seen_at: at }).where('id', '=', id).execute());
  }

  async tokenBySecret(
    sha256: string,
  ): Promise<{ readonly token: ApiToken; readonly account: Account } | undefined> {
    const { database, guard } = this.#parts;
    const row = await guard(() =>
      selectTokens(database)
        .select([
          ...(['account.name as account_name', 'account.role', 'account.password'] as const),
          ...(['account.created_at as account_created_at', 'account.disabled_at'] as const),
          ...(['account.logged_in_at', 'account.issuer', 'account.subject'] as const),
        ])
        .where('api_token.sha256', '=', sha256)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    const account = accountOf({
      ...{ id: row.account_id, name: row.account_name, role: row.role, password: row.password },
      ...{ created_at: row.account_created_at, disabled_at: row.disabled_at },
      ...{ logged_in_at: row.logged_in_at, issuer: row.issuer, subject: row.subject },
    });
    return { token: tokenOf(row), account };
  }

  async accountByKey(nameKey: string): Promise<Account | undefined> {
    const { database, guard } = this.#parts;
    const query = database.selectFrom('account').select(accountColumns).where('name_key', '=', nameKey);
    const row = await guard(() => query.executeTakeFirst());
    return row === undefined ? undefined : accountOf(row);
  }

  async accounts(): Promise<readonly Account[]> {
    const { database, guard } = this.#parts;
    const query = database.selectFrom('account').select(accountColumns).orderBy('id');
    return (await guard(() => query.execute())).map(accountOf);
  }

  async sessions(accountId?: number): Promise<readonly Session[]> {
    const { database, guard } = this.#parts;
    let query = database.selectFrom('session').select(sessionColumns).orderBy('id');
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    return (await guard(() => query.execute())).map(sessionOf);
  }

  async tokens(): Promise<readonly ApiToken[]> {
    const { database, guard } = this.#parts;
    return (await guard(() => selectTokens(database).orderBy('api_token.id').execute())).map(tokenOf);
  }

  async invitations(): Promise<readonly Invitation[]> {
    const { database, guard } = this.#parts;
    const query = database.selectFrom('invitation').select(invitationColumns).orderBy('id');
    return (await guard(() => query.execute())).map(invitationOf);
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }
}
