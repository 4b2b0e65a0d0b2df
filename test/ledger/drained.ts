import type { LedgerCluster } from './ledger-cluster.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import { pause } from './until.ts';

/** How long the rest may stand still before it is given up; how long all of it takes is the machine's affair. */
const STILL_SECONDS = 180;
const LOOK_SECONDS = 0.2;

/** Resolves when all that is in the topic is scored, written and committed; rejects when that stops. */
export async function drained(cluster: LedgerCluster, daemons: readonly LedgerDaemon[]): Promise<void> {
  const ends = await cluster.ends();
  let least = Number.POSITIVE_INFINITY;
  let movedAt = performance.now();
  for (;;) {
    const committed = await cluster.committed().catch(() => []);
    const rest = ends.reduce((sum, end, partition) => sum + end - (committed[partition] ?? 0), 0);
    if (rest === 0 && daemons.every((each) => !each.spools)) return;
    if (rest < least) {
      least = rest;
      movedAt = performance.now();
    } else if (performance.now() - movedAt > STILL_SECONDS * 1000)
      throw new Error(`${rest} messages are not committed, and for ${STILL_SECONDS} s nothing has moved`);
    await pause(LOOK_SECONDS);
  }
}
