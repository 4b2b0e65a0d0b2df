import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { migrateMysql, openMysql } from '../../src/adapters/mysql/open-mysql.ts';
import { startMysqlServer } from '../../src/cluster/mysql-server.ts';
import type { SqlServer, SqlServerAccess } from '../../src/cluster/sql-server.ts';
import type { TcpProxy } from '../services/tcp-proxy.ts';

/** Whom the daemons log in as: no administrator, so that a read-only server refuses its writes. */
export const GATE = { user: 'gate', password: 'gate' } as const;

/** Makes the account of the daemons. */
export async function addGate(access: SqlServerAccess): Promise<void> {
  const account = `'${GATE.user}'@'${access.host}'`;
  await query(access, `create user ${account} identified by '${GATE.password}'`);
  await query(access, `grant all on ${access.database}.* to ${account}`);
}

/** Two servers with the same tables behind one address, one of them writable: what a managed database looks like. */
export class FailoverPair {
  readonly #servers: readonly [SqlServer, SqlServer];
  readonly #proxy: TcpProxy;
  #active = 0;

  private constructor(servers: readonly [SqlServer, SqlServer], proxy: TcpProxy) {
    this.#servers = servers;
    this.#proxy = proxy;
  }

  /** `proxy` leads to `first` now. */
  static async beside(first: SqlServer, proxy: TcpProxy, folder: string): Promise<FailoverPair> {
    const second = await startMysqlServer({
      folder: join(folder, 'mysql-b'),
      arguments: ['--innodb-flush-method=nosync'],
    });
    await addGate(second.access);
    const options = {
      ...second.access,
      ...{ trainingTable: 'training', poolSize: 1, deadlineSeconds: 30, tls: { mode: 'off' as const } },
    };
    const database = openMysql(options);
    await migrateMysql(database, options);
    await database.destroy();
    await query(second.access, 'set global read_only = 1');
    return new FailoverPair([first, second], proxy);
  }

  get second(): SqlServer {
    return this.#servers[1];
  }

  /** The active server becomes read-only, and new connections go to the other one; those that are open stay open. */
  async failOver(): Promise<string> {
    const from = this.#active;
    this.#active = 1 - from;
    const [before, after] = [this.#servers[from]!.access, this.#servers[this.#active]!.access];
    await query(before, 'set global read_only = 1');
    await query(after, 'set global read_only = 0');
    this.#proxy.lead(after.port);
    return from === 0 ? 'A to B' : 'B to A';
  }

  /** Review rows in the server that is active now. */
  async activeRows(): Promise<number> {
    const [row] = await query(
      this.#servers[this.#active]!.access,
      'select count(*) as rows_there from review',
    );
    return Number((row as { rows_there: number }).rows_there);
  }

  async stop(): Promise<void> {
    await this.second.process.kill();
  }
}

/** Asks as an administrator, over a connection of its own. */
export async function query(access: SqlServerAccess, text: string): Promise<readonly object[]> {
  const { host, port, user, password, database } = access;
  const connection = await createConnection({ host, port, user, password, database });
  try {
    const [rows] = await connection.query(text);
    return Array.isArray(rows) ? (rows as object[]) : [];
  } finally {
    await connection.end();
  }
}
