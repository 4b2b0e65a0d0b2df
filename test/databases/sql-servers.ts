import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { startMariadbServer } from '../../src/cluster/mariadb-server.ts';
import { startMysqlServer } from '../../src/cluster/mysql-server.ts';
import type { SqlServer } from '../../src/cluster/sql-server.ts';
import { until } from '../services/recorded.ts';

export const sqlServers = { 'MySQL 8.0': startMysqlServer, 'MariaDB 10.11': startMariadbServer } as const;
export type SqlServerName = keyof typeof sqlServers;

/** A server of its own for one test file. */
export interface TestServer {
  readonly server: SqlServer;
  readonly folder: string;
  /** Settings for a fresh, empty database on it. */
  freshDatabase(change?: Partial<MysqlOptions>): Promise<MysqlOptions>;
  /** The same database for all who ask for it. Making the tables takes a second and more; {@link TestServer.empty} is quick. */
  sharedDatabase(): Promise<MysqlOptions>;
  /** Removes all rows of a database's tables, and starts their ids again; what was migrated stays. */
  empty(options: Pick<MysqlOptions, 'database'>): Promise<void>;
  /** Asks over a connection of the test's own, as an administrator; a row's integers are text. */
  ask(options: Pick<MysqlOptions, 'database'>, sql: string): Promise<Record<string, unknown>[]>;
  /** A transaction over a connection of the test's own, which is not committed yet. */
  transaction(
    options: Pick<MysqlOptions, 'database'>,
  ): Promise<{ query(sql: string): Promise<void>; commit(): Promise<void> }>;
  /** Resolves when the server stands still. */
  freeze(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startTestServer(
  name: SqlServerName,
  ...serverArguments: readonly string[]
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sql-'));
  // No fsync: no test cuts the power, and what a killed process has written the system keeps.
  const server = await sqlServers[name]({
    folder,
    arguments: ['--innodb-flush-method=nosync', ...serverArguments],
  });
  let databases = 0;
  const ask: TestServer['ask'] = async ({ database }, sql) => {
    const { host, port, user, password } = server.access;
    const connection = await createConnection({
      ...{ host, port, user, password, database },
      supportBigNumbers: true,
      bigNumberStrings: true,
    });
    try {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    } finally {
      await connection.end();
    }
  };
  const freshDatabase: TestServer['freshDatabase'] = async (change = {}) => {
    const database = `test_${++databases}`;
    // The servers' own default is not utf8mb4 on both.
    await ask(server.access, `create database ${database} character set latin1`);
    const { host, port, user, password } = server.access;
    return {
      ...{ host, port, user, password, database },
      trainingTable: 'training',
      poolSize: 4,
      deadlineSeconds: 5,
      tls: { mode: 'off' },
      ...change,
    };
  };
  let shared: MysqlOptions | undefined;
  return {
    server,
    folder,
    ask,
    freshDatabase,
    sharedDatabase: async () => {
      shared ??= await freshDatabase();
      return shared;
    },
    empty: (options) => emptyTables(ask, options),
    transaction: async ({ database }) => {
      const { host, port, user, password } = server.access;
      const connection = await createConnection({ host, port, user, password, database });
      await connection.beginTransaction();
      return {
        query: async (sql) => {
          await connection.query(sql);
        },
        commit: async () => {
          await connection.commit();
          await connection.end();
        },
      };
    },
    freeze: async () => {
      const { pid } = server.process;
      server.process.freeze();
      // Its threads come to a stop one after the other.
      await until(async () =>
        (await Promise.all((await readdir(`/proc/${pid}/task`)).map((task) => stateOf(pid, task)))).every(
          (state) => state === 'T',
        ),
      );
    },
    dispose: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function emptyTables(ask: TestServer['ask'], options: Pick<MysqlOptions, 'database'>): Promise<void> {
  const tables = await ask(
    options,
    `select table_name as name from information_schema.tables
      where table_schema = database() and table_type = 'BASE TABLE' and table_name <> 'sluice_migration'`,
  );
  if (tables.length === 0) return;
  const filled = await ask(
    options,
    tables
      .map(({ name }) => `select '${name}' as name where exists (select 1 from \`${name}\`)`)
      .join(' union all '),
  );
  for (const { name } of filled) await ask(options, `truncate table \`${name}\``);
}

/**
 * A user with all rights on one database and none on the server: unlike the administrator it cannot write where the server is
 * read-only, and `init_connect` is run for it.
 */
export async function ordinaryUser(
  { ask }: TestServer,
  { host, database, password }: MysqlOptions,
): Promise<{ readonly user: string; readonly password: string }> {
  const user = `u_${database}`;
  await ask({ database }, `create user '${user}'@'${host}' identified by '${password}'`);
  await ask({ database }, `grant all on ${database}.* to '${user}'@'${host}'`);
  return { user, password: password! };
}

async function stateOf(pid: number, task: string): Promise<string | undefined> {
  // A thread may be gone by now.
  const line = await readFile(`/proc/${pid}/task/${task}/stat`, 'utf8').catch(() => ') T');
  // The name before it may hold anything.
  return line.slice(line.lastIndexOf(')') + 2)[0];
}
