import type { AccountStore } from '../../ports/account-store.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import { libsqlAccountStore } from './libsql-account-store.ts';
import { libsqlDecisionStore } from './libsql-decision-store.ts';
import { libsqlReviewStore } from './libsql-review-store.ts';
import { closeLibsql, type LibsqlSystem, openLibsql } from './open-libsql.ts';

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
  const inUse = new Set<keyof LibsqlStores>(['reviews', 'decisions', 'accounts']);
  const closing = (store: keyof LibsqlStores) => async () => {
    if (inUse.delete(store) && inUse.size === 0) await closeLibsql(opened);
  };
  return {
    reviews: libsqlReviewStore(opened, path, closing('reviews'), now),
    decisions: libsqlDecisionStore(opened, path, closing('decisions'), now),
    accounts: libsqlAccountStore(opened, path, closing('accounts')),
  };
}
