import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ServiceProcess } from './service-process.ts';

export interface SqlServerOptions {
  /** Folder of its data and output; made if it is missing, and used again if it is not. */
  readonly folder: string;
  readonly port?: number;
  /** Called before something is fetched or installed. */
  readonly fetching?: () => void;
  /** Further arguments of the server. */
  readonly arguments?: readonly string[];
}

/** How to enter: over TCP, with all rights. The database is there. */
export interface SqlServerAccess {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** How to run one kind of server. */
export interface SqlServerProgram {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly install: string;
  /** Fills a data folder that does not exist yet. */
  readonly initialize: (dataFolder: string) => Promise<void>;
}

const READY_SECONDS = 60;
const STOP_SECONDS = 30;

/** One MySQL or MariaDB server on the loopback address. Its port, user and data stay the same over restarts. */
export class SqlServer {
  readonly access: SqlServerAccess;
  readonly #program: SqlServerProgram;
  readonly #options: SqlServerOptions;
  #process: ServiceProcess | undefined;

  private constructor(access: SqlServerAccess, program: SqlServerProgram, options: SqlServerOptions) {
    this.access = access;
    this.#program = program;
    this.#options = options;
  }

  /** Throws `SERVICE_FAILED`. */
  static async start(program: SqlServerProgram, options: SqlServerOptions): Promise<SqlServer> {
    const { folder } = options;
    await mkdir(folder, { recursive: true });
    const access: SqlServerAccess = {
      host: '127.0.0.1',
      port: options.port ?? (await freePort()),
      database: 'sluice',
      user: 'sluice',
      password: randomBytes(12).toString('hex'),
    };
    const server = new SqlServer(access, program, options);
    // Run at each start, before the first connection is taken.
    await writeFile(join(folder, 'entry.sql'), entryStatements(access), { mode: 0o600 });
    await program.initialize(join(folder, 'data'));
    await server.startAgain();
    return server;
  }

  get process(): ServiceProcess {
    return this.#process!;
  }

  /** After a stop or a kill, on the same port with the same data. */
  async startAgain(): Promise<void> {
    const { folder } = this.#options;
    this.#process = await ServiceProcess.start({
      name: this.#program.name,
      command: this.#program.command,
      args: [
        // Must be the first: nothing of the machine's own settings is read.
        '--no-defaults',
        ...this.#program.arguments,
        `--datadir=${join(folder, 'data')}`,
        `--init-file=${join(folder, 'entry.sql')}`,
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--port=${this.access.port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--innodb-buffer-pool-size=64M',
        ...userArgument(),
        ...(this.#options.arguments ?? []),
      ],
      cwd: folder,
      outputFile: join(folder, 'server.log'),
      ready: /ready for connections/,
      readySeconds: READY_SECONDS,
      stopSeconds: STOP_SECONDS,
      install: this.#program.install,
    });
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }
}

/** These servers refuse to run as root unless an option allows it. */
export function userArgument(): readonly string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

function entryStatements({ host, database, user, password }: SqlServerAccess): string {
  const account = `'${user}'@'${host}'`;
  return [
    `create database if not exists ${database} character set utf8mb4;`,
    `create user if not exists ${account} identified by '${password}';`,
    // A later start has another password.
    `alter user ${account} identified by '${password}';`,
    `grant all on *.* to ${account} with grant option;`,
    '',
  ].join('\n');
}
