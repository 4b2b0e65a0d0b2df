import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { ensureDebianPackages, installLine } from './debian-packages.ts';
import { runToEnd } from './run-to-end.ts';
import { SqlServer, type SqlServerOptions, userArgument } from './sql-server.ts';

const COMMAND = '/usr/sbin/mariadbd';
const SHARE = '/usr/share/mysql';
const INITIALIZE_SECONDS = 120;

const packages = ['mariadb-server-core'];

/** What a new server's own tables are made by, in this order. */
const scripts = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'];

/** MariaDB as Debian packs it, without the service. Throws `SERVICE_FAILED`. */
export async function startMariadbServer(options: SqlServerOptions): Promise<SqlServer> {
  await ensureDebianPackages({
    packages,
    fetching: options.fetching,
    installed: () =>
      access(COMMAND).then(
        () => true,
        () => false,
      ),
  });
  return SqlServer.start(
    {
      name: 'MariaDB',
      command: COMMAND,
      arguments: ['--innodb-log-file-size=64M'],
      install: installLine(packages),
      initialize,
    },
    options,
  );
}

/** Not by `mariadb-install-db`, which needs a program of the clients' package. */
async function initialize(dataFolder: string): Promise<void> {
  const marker = join(dataFolder, 'mysql', 'db.frm');
  if (await exists(marker)) return;
  await rm(dataFolder, { recursive: true, force: true });
  await mkdir(dataFolder, { recursive: true });
  const file = `${dataFolder}-new.sql`;
  const texts = await Promise.all(scripts.map((name) => readFile(join(SHARE, name), 'utf8')));
  await writeFile(file, ['create database mysql;', 'use mysql;', ...texts].join('\n'));
  const { code, output } = await runToEnd({
    command: 'sh',
    args: [
      '-c',
      'exec "$@" < "$0"',
      file,
      COMMAND,
      '--no-defaults',
      '--bootstrap',
      `--datadir=${dataFolder}`,
      `--lc-messages-dir=${SHARE}`,
      '--innodb-log-file-size=64M',
      ...userArgument(),
    ],
    install: installLine(packages),
    deadlineSeconds: INITIALIZE_SECONDS,
  });
  await rm(file, { force: true });
  if (code !== 0 || !(await exists(marker)))
    throw new SluiceError('SERVICE_FAILED', `MariaDB could not make its tables:\n${output.slice(-2000)}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
