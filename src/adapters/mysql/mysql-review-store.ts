import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  wrap,
} from 'cockatiel';
import { type Kysely, sql } from 'kysely';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { NewReviewItem, ReviewItem, ReviewState, ReviewStore } from '../../ports/review-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { SluiceDatabase } from '../sql/database-schema.ts';
import { type Access, SqlReviewStore } from '../sql/sql-review-store.ts';
import { isAway, isDeadlock, isRefused, storeFailed } from './mysql-errors.ts';
import { mysqlFlavour } from './mysql-flavour.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { migrateMysql, openMysql, settleSecondsOf, whereOf } from './open-mysql.ts';

export interface MysqlReviewStoreParts {
  readonly options: MysqlOptions;
  readonly telemetry: Pick<Telemetry, 'dependencyMeasured'>;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Failures one after the other that open the circuit. */
const FAILURES = 3;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const DEADLOCK_ATTEMPTS = 8;
/** Where nothing was written for so long, it is tried whether the server writes. */
const LOOK_SECONDS = 5;
/**
 * The review store in MySQL or MariaDB. After a few failures in a row it is left alone for a while, and calls fail at
 * once, so that nobody waits out a deadline for each batch. Its tables are made when it is first reached.
 */
export class MysqlReviewStore implements ReviewStore {
  readonly #database: Kysely<SluiceDatabase>;
  readonly #options: MysqlOptions;
  readonly #telemetry: Pick<Telemetry, 'dependencyMeasured'>;
  readonly #log: Log;
  readonly #rows: SqlReviewStore;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #policy: IPolicy;
  readonly #looking: NodeJS.Timeout;
  #migrated: Promise<void> | undefined;
  #lastWrite = 0;
  #up: boolean | undefined;

  private constructor({ options, telemetry, log, now = Date.now }: MysqlReviewStoreParts) {
    this.#options = options;
    this.#telemetry = telemetry;
    this.#log = log;
    this.#database = openMysql(options);
    this.#breaker = circuitBreaker(handleWhen(isAway), {
      breaker: new ConsecutiveBreaker(FAILURES),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS }),
    });
    this.#policy = wrap(
      this.#breaker,
      retry(handleWhen(isDeadlock), {
        maxAttempts: DEADLOCK_ATTEMPTS,
        backoff: new ExponentialBackoff({ initialDelay: 10, maxDelay: 300 }),
      }),
    );
    this.#rows = new SqlReviewStore({
      database: this.#database,
      flavour: mysqlFlavour({ server: 'mysql', trainingTable: options.trainingTable }),
      // A server acknowledges a commit when it is on its disk.
      makeDurable: async () => {},
      close: () => this.#database.destroy(),
      settleSeconds: settleSecondsOf(options),
      now,
      guard: (access, query) => this.#guard(access, query),
    });
    this.#breaker.onStateChange(() => this.#measure());
    this.#looking = setInterval(() => void this.#look(), LOOK_SECONDS * 1000).unref();
  }

  /**
   * A server that is away is no hindrance; one that does not let us in, or whose tables cannot be made, is: throws
   * `STORE_FAILED`.
   */
  static async open(parts: MysqlReviewStoreParts): Promise<MysqlReviewStore> {
    const store = new MysqlReviewStore(parts);
    try {
      await store.#guard('write', () => store.#tryToWrite());
    } catch (error) {
      const cause = error instanceof SluiceError ? (error.cause ?? error) : error;
      if (!isAway(cause) || isRefused(cause)) {
        await store.close();
        // Retriable or not while it runs: at the start somebody is there to read it.
        throw new SluiceError('STORE_FAILED', describeError(error), { cause: error });
      }
      parts.log.warn(
        { error: describeError(error) },
        'the database is unavailable; review rows wait on this machine until it is there',
      );
    }
    return store;
  }

  get settleSeconds(): number {
    return this.#rows.settleSeconds;
  }

  add(items: readonly NewReviewItem[]): Promise<number> {
    return this.#rows.add(items);
  }

  list(query: Parameters<ReviewStore['list']>[0]): Promise<readonly ReviewItem[]> {
    return this.#rows.list(query);
  }

  count(): Promise<Readonly<Record<ReviewState, number>>> {
    return this.#rows.count();
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    await this.#rows.close();
  }

  async #guard<T>(access: Access, query: () => Promise<T>): Promise<T> {
    const where = whereOf(this.#options);
    try {
      return await this.#policy.execute(async () => {
        try {
          await this.#haveTables();
          const result = await query();
          if (access === 'write') this.#saw(true);
          return result;
        } catch (error) {
          // One that answers a read, be it with an objection, may write or not.
          if (isAway(error)) this.#saw(false, error);
          else if (access === 'write') this.#saw(true);
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        throw new SluiceError(
          'STORE_FAILED',
          `${where} failed ${FAILURES} times or more and is left alone for a while`,
          {
            retriable: true,
            cause: error,
          },
        );
      throw storeFailed(error, where);
    }
  }

  /** Once; again where it failed. */
  async #haveTables(): Promise<void> {
    this.#migrated ??= migrateMysql(this.#database, this.#options);
    const migrating = this.#migrated;
    try {
      await migrating;
    } catch (error) {
      if (this.#migrated === migrating) this.#migrated = undefined;
      if (!(error instanceof SluiceError) || error.retriable) throw error;
      // The driver's error decides what to do; that it was a migration is for people.
      if (isAway(error.cause)) throw error.cause;
      // No row is at fault.
      throw new SluiceError('STORE_FAILED', error.message, { retriable: true, cause: error });
    }
  }

  #saw(up: boolean, error?: unknown): void {
    if (up) this.#lastWrite = performance.now();
    if (this.#up === up) return;
    const known = this.#up !== undefined;
    this.#up = up;
    this.#measure();
    if (up && known) this.#log.info({}, 'the database takes rows again');
    if (!up && known) this.#log.warn({ error: describeError(error) }, 'the database is unavailable');
  }

  #measure(): void {
    this.#telemetry.dependencyMeasured({
      dependency: 'mysql',
      up: this.#up ?? false,
      circuitOpen: this.#breaker.state !== CircuitState.Closed,
    });
  }

  async #look(): Promise<void> {
    if (performance.now() - this.#lastWrite < LOOK_SECONDS * 1000) return;
    // It has reported to telemetry and log what it saw.
    await this.#guard('write', () => this.#tryToWrite()).catch(() => undefined);
  }

  /** Changes nothing, and fails where rows could not be written: `select 1` works on a replica too. */
  async #tryToWrite(): Promise<void> {
    await sql`update review set state = state where id = 0`.execute(this.#database);
  }
}
