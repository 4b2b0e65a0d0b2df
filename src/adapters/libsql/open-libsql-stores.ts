import { sql } from 'kysely';
import type { AccountStore } from '../../ports/account-store.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import { CheckpointThread } from './checkpoint-thread.ts';
import { libsqlAccountStore } from './libsql-account-store.ts';
import { libsqlDecisionStore } from './libsql-decision-store.ts';
import { libsqlReviewStore } from './libsql-review-store.ts';
import { closeLibsql, type LibsqlSystem, type OpenLibsql, openLibsql } from './open-libsql.ts';

/** What one file of the embedded database holds. */
export interface LibsqlStores {
  readonly reviews: ReviewStore;
  readonly decisions: DecisionStore;
  readonly accounts: AccountStore;
}

/**
 * The stores of one process over one connection, which runs one transaction after the other. On several connections of one
 * thread, a statement that waits for the lock of another would keep the other from ever ending its transaction. The database is
 * closed when all of them are. Throws `STORE_FAILED`.
 */
export async function openLibsqlStores(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): Promise<LibsqlStores> {
  const opened = await openLibsql(path, system);
  // A test that counts or fails the calls of its system has this connection alone.
  const checkpoints = system === undefined ? checkpointsApart(opened, path) : undefined;
  const inUse = new Set<keyof LibsqlStores>(['reviews', 'decisions', 'accounts']);
  const closing = (store: keyof LibsqlStores) => async () => {
    if (!inUse.delete(store) || inUse.size > 0) return;
    await checkpoints?.close();
    await closeLibsql(opened);
  };
  return {
    reviews: libsqlReviewStore(opened, path, closing('reviews'), now),
    decisions: libsqlDecisionStore(opened, path, closing('decisions'), now),
    accounts: libsqlAccountStore(opened, path, closing('accounts')),
  };
}

/** Seconds after which a process is one that stays: only then a thread is worth its memory. */
const STAYS_SECONDS = 5;
/** Pages of the log after which a commit writes it back itself: SQLite's own number, and one for while a thread does it. */
const PAGES = { alone: 1_000, apart: 20_000 };
/** What is left of the log's file when it begins again: the thread leaves a large one alone. */
const LOG_BYTES = 64 * 2 ** 20;

/**
 * Has the log written back by a thread. By itself SQLite does so in every commit that finds 1,000 pages there: with the file's pages all
 * over a large disk, that takes the thread of all requests for a tenth of a second (decision 0154).
 */
function checkpointsApart({ database }: OpenLibsql, path: string): { close(): Promise<void> } {
  let thread: CheckpointThread | undefined;
  const after = (pages: number) =>
    sql`pragma wal_autocheckpoint = ${sql.lit(pages)}`.execute(database).catch(() => undefined);
  const keepSmall = () =>
    sql`pragma journal_size_limit = ${sql.lit(LOG_BYTES)}`.execute(database).catch(() => undefined);
  const timer = setTimeout(() => {
    thread = new CheckpointThread(path, () => void after(PAGES.alone));
    void after(PAGES.apart);
    void keepSmall();
  }, STAYS_SECONDS * 1000).unref();
  return {
    close: async () => {
      clearTimeout(timer);
      await thread?.close();
    },
  };
}
