import type { LedgerCluster } from './ledger-cluster.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import { SETTLE_SECONDS, until } from './until.ts';

/** The partitions of a daemon, once it has some and the group does not change. */
export async function partitionsOf(cluster: LedgerCluster, daemon: LedgerDaemon): Promise<readonly number[]> {
  let assigned: readonly number[] = [];
  await until(
    async () => {
      assigned = (await cluster.assignments().catch(() => undefined))?.get(daemon.name) ?? [];
      return assigned.length > 0;
    },
    SETTLE_SECONDS,
    `${daemon.name} holds partitions`,
  );
  return assigned;
}

/** Resolves when offsets beyond these are committed in all these partitions. */
export async function goesOn(
  cluster: LedgerCluster,
  partitions: readonly number[],
  from: readonly number[],
): Promise<void> {
  await until(
    async () => {
      const committed = await cluster.committed().catch(() => []);
      return partitions.every((partition) => (committed[partition] ?? 0) > from[partition]!);
    },
    SETTLE_SECONDS,
    'offsets are committed again',
  );
}

/** Asks until the broker answers. */
export async function answered<T>(question: () => Promise<T>): Promise<T> {
  let answer: { readonly value: T } | undefined;
  await until(
    async () => {
      answer = await question().then(
        (value) => ({ value }),
        () => undefined,
      );
      return answer !== undefined;
    },
    SETTLE_SECONDS,
    'the broker answers',
  );
  return answer!.value;
}
