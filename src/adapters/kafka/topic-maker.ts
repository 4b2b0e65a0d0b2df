import type { Kafka } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';

/** Makes a topic with that many partitions where it is missing; the broker decides on replicas. */
export function topicMaker(kafka: Kafka, partitions: number, log: Log): (topic: string) => Promise<void> {
  return async (topic) => {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const made = await admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic, numPartitions: partitions, replicationFactor: -1 }],
      });
      if (made) log.info({ topic, partitions }, 'the topic was missing and has been made');
    } catch (error) {
      throw new SluiceError(
        'SINK_FAILED',
        `the topic ${topic} cannot be looked up or made (${describeError(error)}); make it, or check the brokers and rights`,
        { retriable: true, cause: error },
      );
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  };
}
