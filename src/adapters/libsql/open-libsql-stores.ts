import type { DecisionStore } from '../../ports/decision-store.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import { libsqlDecisionStore } from './libsql-decision-store.ts';
import { libsqlReviewStore } from './libsql-review-store.ts';
import { closeLibsql, type LibsqlSystem, openLibsql } from './open-libsql.ts';

/**
 * The review store of the pipeline and the review queue for people over one connection, which runs one transaction after the other.
 * On two connections of one thread, a statement that waits for the other's lock would keep the other from ever ending its
 * transaction. The database is closed when both are. Throws `STORE_FAILED`.
 */
export async function openLibsqlStores(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): Promise<{ readonly reviews: ReviewStore; readonly decisions: DecisionStore }> {
  const opened = await openLibsql(path, system);
  const inUse = new Set<'reviews' | 'decisions'>(['reviews', 'decisions']);
  const closing = (store: 'reviews' | 'decisions') => async () => {
    if (inUse.delete(store) && inUse.size === 0) await closeLibsql(opened);
  };
  return {
    reviews: libsqlReviewStore(opened, path, closing('reviews'), now),
    decisions: libsqlDecisionStore(opened, path, closing('decisions'), now),
  };
}
