import type { MysqlPool, MysqlPoolConnection } from 'kysely';
import { type Connection, type ConnectionOptions, createConnection, type QueryError } from 'mysql2';
import { SluiceError } from '../../core/errors.ts';
import { DeadlineConnection } from './deadline-connection.ts';
import { connectError } from './mysql-errors.ts';

export interface DeadlinePoolOptions {
  readonly connection: ConnectionOptions;
  /** For messages: `MySQL at host:port`. */
  readonly where: string;
  /** Connections at most. */
  readonly size: number;
  /** How many may wait for a connection; more are refused at once. */
  readonly maxWaiting: number;
  readonly deadlineSeconds: number;
  /** What each connection begins with. */
  readonly firstStatements: readonly string[];
}

type Callback = (error: unknown, connection: MysqlPoolConnection) => void;

interface Waiter {
  readonly since: number;
  readonly give: (connection: DeadlineConnection) => void;
  readonly refuse: (error: unknown) => void;
}

interface Session {
  readonly bytes: unknown;
  readonly client: unknown;
  readonly literals: unknown;
  readonly results: unknown;
}

const SESSION = `select @@max_allowed_packet as bytes, @@character_set_client as client,
  @@character_set_connection as literals, @@character_set_results as results`;

const IDLE_SECONDS = 30;
const GOODBYE_SECONDS = 1;

/**
 * Connections to one server. The driver's own pool is not used: a server that stands still would keep its callers
 * waiting without end. Here getting a connection has a deadline, the wait for a free one included, and so has every
 * statement; a connection that missed one is destroyed, since what it is still to answer belongs to nobody.
 */
export class DeadlinePool implements MysqlPool {
  readonly #options: DeadlinePoolOptions;
  readonly #idle: { readonly connection: DeadlineConnection; readonly since: number }[] = [];
  readonly #open = new Set<DeadlineConnection>();
  readonly #waiting: Waiter[] = [];
  /** Sees to connections that nobody has used for long: a server may have forgotten them. */
  #sweeper: NodeJS.Timeout | undefined;
  /** Sessions that were left and may go on at the server; the names of their locks. */
  readonly #abandoned = new Set<string>();
  #connecting = 0;
  #closed = false;

  constructor(options: DeadlinePoolOptions) {
    this.#options = options;
  }

  /** Calls back with `STORE_FAILED`, retriable, where there is none in time or too many wait already. */
  getConnection(callback: Callback): void {
    this.#get().then(
      (connection) => callback(undefined, connection),
      (error: unknown) => callback(error, undefined as unknown as MysqlPoolConnection),
    );
  }

  end(callback: (error: unknown) => void): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const { refuse } of this.#waiting.splice(0)) refuse(this.#away('is being closed'));
    Promise.all([...this.#open].map((connection) => connection.close(GOODBYE_SECONDS))).then(
      () => callback(undefined),
      callback,
    );
  }

  #get(): Promise<DeadlineConnection> {
    if (this.#closed) return Promise.reject(this.#away('is closed'));
    const idle = this.#takeIdle();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#waiting.length >= this.#options.maxWaiting)
      return Promise.reject(
        this.#away(`has ${this.#waiting.length} statements waiting for a connection already`),
      );
    const { deadlineSeconds } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#forget(waiter);
        reject(this.#away(`gave no connection within ${deadlineSeconds} s`));
      }, deadlineSeconds * 1000);
      const waiter: Waiter = {
        since: performance.now(),
        give: (connection) => {
          clearTimeout(timer);
          resolve(connection);
        },
        refuse: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiting.push(waiter);
      this.#connectIfNeeded();
    });
  }

  #connectIfNeeded(): void {
    while (
      !this.#closed &&
      this.#connecting < this.#waiting.length &&
      this.#open.size + this.#connecting < this.#options.size
    ) {
      this.#connecting++;
      void this.#connect();
    }
  }

  async #connect(): Promise<void> {
    const began = performance.now();
    let connection: DeadlineConnection;
    try {
      connection = await this.#greeted();
    } catch (error) {
      this.#connecting--;
      // The call that has waited longest gets the error. Calls that came while it was failing are tried again.
      const [longest] = this.#waiting;
      if (longest !== undefined && longest.since <= began) this.#waiting.shift()?.refuse(error);
      this.#connectIfNeeded();
      return;
    }
    this.#connecting--;
    this.#open.add(connection);
    if (this.#closed) void connection.close(0);
    else this.#pass(connection);
  }

  /** A connection that has been let in and has run the first statements, all within one deadline. */
  async #greeted(): Promise<DeadlineConnection> {
    const { connection: options, where, deadlineSeconds, firstStatements } = this.#options;
    const raw = createConnection({ ...options, connectTimeout: Math.ceil(deadlineSeconds * 1000) });
    const connection = new DeadlineConnection({
      raw,
      where,
      deadlineSeconds,
      released: (each) => this.#released(each),
      lost: (each) => this.#lost(each),
    });
    await entered(raw, connection, deadlineSeconds, (what) => this.#away(what));
    try {
      for (const statement of firstStatements) await connection.run(statement);
      await connection.run(`do get_lock('${connection.sessionName}', 0)`);
      await this.#endAbandoned(connection);
      const [session] = (await connection.run(SESSION)) as readonly Session[];
      if (!isOwnCharacterSet(session))
        throw this.#away(
          `imposes another character set than utf8mb4 (${session?.client}, ${session?.results})`,
        );
      connection.longestStatement = Number(session?.bytes);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return connection;
  }

  /**
   * A server may not notice for long that a client is gone, and keeps what its transaction has locked: the very rows that
   * are to be written now.
   */
  async #endAbandoned(connection: DeadlineConnection): Promise<void> {
    for (const name of [...this.#abandoned]) {
      const rows = await connection.run(`select is_used_lock('${name}') as id`);
      const id = Number((rows as readonly { readonly id: unknown }[])[0]?.id);
      // It may end by itself at this moment.
      if (id > 0) await connection.run(`kill ${id}`).catch(() => undefined);
      this.#abandoned.delete(name);
    }
  }

  #released(connection: DeadlineConnection): void {
    if (connection.isLost) return;
    if (this.#closed) void connection.close(GOODBYE_SECONDS);
    else this.#pass(connection);
  }

  #lost(connection: DeadlineConnection): void {
    this.#open.delete(connection);
    if (connection.isAbandoned) this.#abandoned.add(connection.sessionName);
    const at = this.#idle.findIndex((idle) => idle.connection === connection);
    if (at !== -1) this.#idle.splice(at, 1);
    // Those that are at work learn it by themselves.
    if (connection.isDemoted) for (const idle of [...this.#idle]) idle.connection.destroy();
    this.#connectIfNeeded();
  }

  #pass(connection: DeadlineConnection): void {
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      waiter.give(connection);
      return;
    }
    this.#idle.push({ connection, since: performance.now() });
    this.#sweeper ??= setInterval(() => this.#sweep(), (IDLE_SECONDS * 1000) / 3).unref();
  }

  /** The one used last: its server has been heard of most recently. */
  #takeIdle(): DeadlineConnection | undefined {
    return this.#idle.pop()?.connection;
  }

  #sweep(): void {
    const oldest = performance.now() - IDLE_SECONDS * 1000;
    for (const { connection, since } of [...this.#idle])
      if (since < oldest) void connection.close(GOODBYE_SECONDS);
  }

  #forget(waiter: Waiter): void {
    const at = this.#waiting.indexOf(waiter);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  #away(what: string): SluiceError {
    return new SluiceError(
      'STORE_FAILED',
      `${this.#options.where} ${what}; check that it runs and can be reached`,
      {
        retriable: true,
      },
    );
  }
}

/** Whatever stands between may keep a session from what it has set. */
function isOwnCharacterSet(session: Session | undefined): boolean {
  return [session?.client, session?.literals, session?.results].every((name) => name === 'utf8mb4');
}

/** Resolves when the server has let the connection in; the driver's own time limit ends with its first word. */
function entered(
  raw: Connection,
  connection: DeadlineConnection,
  seconds: number,
  away: (what: string) => SluiceError,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) => {
      clearTimeout(timer);
      connection.destroy();
      reject(error);
    };
    const timer = setTimeout(() => refuse(away(`did not let us in within ${seconds} s`)), seconds * 1000);
    // The driver does not call back where the server ends the connection without a word.
    raw.once('end', () => refuse(away('ended the connection before it let us in')));
    raw.connect((error: QueryError | null) => {
      if (error !== null && error !== undefined) {
        refuse(connectError(error));
        return;
      }
      clearTimeout(timer);
      resolve();
    });
  });
}
