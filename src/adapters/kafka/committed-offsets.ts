import type { Kafka } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import { readGroupOffsets } from './group-offsets.ts';
import { retryTransient } from './transient-error.ts';

/** A coordinator that has just started answers by then. */
const PATIENCE_SECONDS = 30;

/**
 * The offsets of a topic that a group has committed, by partition; none where there is no such group. One behind the topic's end
 * is left out: it is of a topic of that name that was deleted since. Throws `SOURCE_FAILED`.
 */
export async function committedOffsets(
  kafka: Kafka,
  group: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> {
  const admin = kafka.admin();
  try {
    const offsets = await retryTransient(PATIENCE_SECONDS, async () => {
      await admin.connect();
      return await readGroupOffsets(admin, group, topic);
    });
    return new Map(
      offsets.flatMap(({ partition, committed, high }) =>
        committed === undefined || committed > high ? [] : [[partition, committed]],
      ),
    );
  } catch (error) {
    throw new SluiceError(
      'SOURCE_FAILED',
      `the offsets that group ${group} has committed cannot be read (${describeError(error)}); check kafka.brokers and the permissions`,
      { cause: error },
    );
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
