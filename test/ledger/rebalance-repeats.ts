import { type Quantiles, quantiles } from './commit-figures.ts';
import { generationsOf } from './generations.ts';
import type { LedgerEvent } from './ledger-events.ts';

export interface RebalanceRepeats {
  /** Changes of the consumer group after the first generation. */
  readonly rebalances: number;
  /** Messages that were scored again, over all of them. */
  readonly repeated: number;
  /** The same for one rebalance. */
  readonly perRebalance: Quantiles;
}

/** Counts the messages scored again after each rebalance. `repeatedAt`: when each got an outcome that it had already. */
export function rebalanceRepeats(
  events: readonly LedgerEvent[],
  repeatedAt: readonly number[],
): RebalanceRepeats {
  const begins = generationsOf(events).map(({ from }) => from);
  const counts = begins.map(() => 0);
  for (const at of repeatedAt) {
    const generation = begins.findLastIndex((from) => from <= at);
    if (generation >= 0) counts[generation]!++;
  }
  const after = counts.slice(1);
  return {
    rebalances: after.length,
    repeated: after.reduce((sum, count) => sum + count, 0),
    perRebalance: quantiles(after),
  };
}
