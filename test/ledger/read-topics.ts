import type { Admin, Kafka, KafkaMessage } from 'kafkajs';

export type TakeRecords = (
  messages: readonly KafkaMessage[],
  partition: number,
  topic: string,
) => void | Promise<void>;

/**
 * Reads topics from beginning to end, partitions by turns. A partition must not end with transaction markers or aborted
 * records: the client gives no sign of those.
 */
export async function readTopics(
  kafka: Kafka,
  admin: Admin,
  topics: readonly string[],
  take: TakeRecords,
): Promise<void> {
  const wanted = new Map<string, number>();
  for (const topic of topics)
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
      if (low !== high) wanted.set(`${topic}/${partition}`, Number(high));
  if (wanted.size === 0) return;
  const consumer = kafka.consumer({ groupId: `dump-${topics[0]}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const { topic, partition } = batch;
          await take(batch.messages, partition, topic);
          const key = `${topic}/${partition}`;
          if (Number(batch.lastOffset()) + 1 >= (wanted.get(key) ?? 0)) wanted.delete(key);
          if (wanted.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
}
