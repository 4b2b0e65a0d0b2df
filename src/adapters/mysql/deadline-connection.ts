import { randomUUID } from 'node:crypto';
import type { MysqlPoolConnection, MysqlStream } from 'kysely';
import { type Connection, format, type QueryError, type SqlValue } from 'mysql2';
import { SluiceError } from '../../core/errors.ts';
import { isFormerPrimary, MysqlError } from './mysql-errors.ts';

export interface DeadlineConnectionParts {
  readonly raw: Connection;
  /** For messages: `MySQL at host:port`. */
  readonly where: string;
  readonly deadlineSeconds: number;
  /** Called when its user is done with it. */
  readonly released: (connection: DeadlineConnection) => void;
  /** Called once, when it will not be of use any more. */
  readonly lost: (connection: DeadlineConnection) => void;
}

type Answered = (error: unknown, result: unknown) => void;

/** Texts shorter than this are not measured before they are sent: no server refuses them. */
const ALWAYS_FITS = 256 * 1024;
/** Of the packet around a statement. */
const PACKET_BYTES = 64;

/**
 * A connection each of whose statements has a deadline. After a missed one, or a failure of the connection itself, it is
 * destroyed and never used again: it might answer the next statement with what belongs to the last. The same goes for one to
 * a server that does not write any more: after a failover a new connection leads elsewhere. Errors are {@link MysqlError}.
 */
export class DeadlineConnection implements MysqlPoolConnection {
  readonly #parts: DeadlineConnectionParts;
  /** Name of a lock that its session holds. It shows whether the session still exists, and its number. */
  readonly sessionName = `sluice ${randomUUID()}`;
  #lost = false;
  #abandoned = false;
  #demoted = false;
  /** Bytes of the longest statement that the server takes. */
  longestStatement = Number.POSITIVE_INFINITY;

  constructor(parts: DeadlineConnectionParts) {
    this.#parts = parts;
    // While no statement runs, the driver reports a lost connection only here. Without a listener the process would end.
    parts.raw.on('error', () => this.destroy());
    parts.raw.once('end', () => this.destroy());
  }

  get isLost(): boolean {
    return this.#lost;
  }

  /** True where the server was left without its noticing: it may hold on to what the last statement has locked. */
  get isAbandoned(): boolean {
    return this.#abandoned;
  }

  /** True where the server does not write any more: other connections to it are of no use either. */
  get isDemoted(): boolean {
    return this.#demoted;
  }

  query(sql: string, parameters: readonly unknown[]): { stream: <T>() => MysqlStream<T> };
  query(sql: string, parameters: readonly unknown[], callback: Answered): void;
  query(
    sql: string,
    parameters: readonly unknown[],
    callback?: Answered,
  ): { stream: <T>() => MysqlStream<T> } | undefined {
    if (callback === undefined)
      throw new SluiceError('INTERNAL', 'rows are not streamed from MySQL; read them in pages');
    this.#query(sql, parameters, callback);
    return undefined;
  }

  run(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) =>
      this.#query(sql, [], (error, result) => (error ? reject(error) : resolve(result))),
    );
  }

  release(): void {
    this.#parts.released(this);
  }

  /** Idempotent. What runs on the server is taken back by it, once it notices. */
  destroy(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#parts.raw.destroy();
    this.#parts.lost(this);
  }

  /** Takes leave of the server, and does not wait long for its answer. */
  async close(seconds: number): Promise<void> {
    if (this.#lost) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#parts.raw.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.destroy();
  }

  #query(sql: string, parameters: readonly unknown[], callback: Answered): void {
    const { raw, where, deadlineSeconds } = this.#parts;
    if (this.#lost) {
      // Taking back is what has happened already; its failure would hide the error that led to it.
      if (sql === 'rollback') callback(undefined, { affectedRows: 0, insertId: 0 });
      else callback(away(where, 'has lost the connection'), undefined);
      return;
    }
    // A server cuts the connection on a statement that is too long, which looks as if it were away.
    const tooLong = this.#tooLong(sql, parameters);
    if (tooLong !== undefined) {
      callback(tooLong, undefined);
      return;
    }
    let answered = false;
    const answer: Answered = (error, result) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      callback(error, result);
    };
    const timer = setTimeout(() => {
      this.#abandoned = true;
      this.destroy();
      answer(away(where, `did not answer within ${deadlineSeconds} s`), undefined);
    }, deadlineSeconds * 1000);
    // Not `execute`: it keeps each text prepared on the server, and rows come in as many numbers as there are texts.
    raw.query(sql, parameters as SqlValue[], (error: QueryError | null, result: unknown) => {
      if (error === null || error === undefined) {
        answer(undefined, result);
        return;
      }
      this.#demoted = isFormerPrimary(error);
      // Where a rollback fails, the next statement would become part of the transaction that should be gone.
      if (error.fatal === true || this.#demoted || sql === 'rollback') this.destroy();
      answer(new MysqlError(error), result);
    });
  }

  #tooLong(sql: string, parameters: readonly unknown[]): Error | undefined {
    let characters = sql.length;
    for (const parameter of parameters) characters += typeof parameter === 'string' ? parameter.length : 16;
    if (characters < ALWAYS_FITS) return undefined;
    const bytes = Buffer.byteLength(format(sql, parameters as SqlValue[])) + PACKET_BYTES;
    if (bytes <= this.longestStatement) return undefined;
    return Object.assign(
      new Error(
        `a statement of ${bytes} bytes is above the server's max_allowed_packet, ${this.longestStatement}`,
      ),
      { code: 'ER_NET_PACKET_TOO_LARGE' },
    );
  }
}

function away(where: string, what: string): SluiceError {
  return new SluiceError('STORE_FAILED', `${where} ${what}; check that it runs and can be reached`, {
    retriable: true,
  });
}
