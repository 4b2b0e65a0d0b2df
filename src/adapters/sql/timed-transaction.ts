import { type Kysely, type SqlBool, sql } from 'kysely';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { latestEnd } from './queue-item.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export type LeaseRequest = Parameters<DecisionStore['lease']>[0];

/** A transaction with the time that it began, epoch milliseconds. */
export interface TimedTransaction {
  readonly connection: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  readonly now: number;
}

/** True of a lease that has ended; one that ends too late was written before the clock was set back. */
export function hasEnded(now: number) {
  return sql<SqlBool>`(lease_until is null or lease_until <= ${now} or lease_until > ${latestEnd(now)})`;
}
