import type { Admin } from 'kafkajs';

/** What the broker states of one partition for a group. */
export interface GroupOffsets {
  readonly partition: number;
  /** Undefined where the group has committed none. */
  readonly committed: number | undefined;
  /** The first offset that is there. */
  readonly low: number;
  /**
   * Where the partition ends: at the first open transaction; to an admin that reads what is not committed, behind the last
   * record.
   */
  readonly high: number;
}

export async function readGroupOffsets(
  admin: Admin,
  group: string,
  topic: string,
): Promise<readonly GroupOffsets[]> {
  // Both have ended when this does: one that goes on by itself would connect again a client that was given up meanwhile.
  const [offsets, ends] = await Promise.allSettled([
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
    admin.fetchTopicOffsets(topic),
  ]);
  if (offsets.status === 'rejected') throw offsets.reason;
  if (ends.status === 'rejected') throw ends.reason;
  const committed = new Map(
    (offsets.value[0]?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
  );
  return ends.value
    .map(({ partition, low, high }) => {
      const at = committed.get(partition) ?? -1;
      return { partition, committed: at < 0 ? undefined : at, low: Number(low), high: Number(high) };
    })
    .sort((a, b) => a.partition - b.partition);
}
