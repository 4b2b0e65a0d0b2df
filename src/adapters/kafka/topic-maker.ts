import type { Admin, Kafka } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { accessRefused } from './access-refused.ts';

const ATTEMPTS = 20;
const WAIT_MS = 200;

/**
 * Makes a topic with that many partitions where it is missing; the broker decides on replicas. Throws `SINK_FAILED`, or
 * `SETTINGS_INVALID` where the broker refuses us.
 */
export function topicMaker(kafka: Kafka, partitions: number, log: Log): (topic: string) => Promise<void> {
  return async (topic) => {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const made = await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: partitions, replicationFactor: -1 }],
      });
      if (made) await untilKnown(admin, topic);
      if (made) log.info({ topic, partitions }, 'the topic was missing and has been made');
    } catch (error) {
      const refused = accessRefused(error);
      if (refused !== undefined) throw refused;
      throw new SluiceError(
        'SINK_FAILED',
        `the topic ${topic} cannot be looked up or made (${describeError(error)}); make it, or check the brokers, kafka.tls and rights`,
        { retriable: true, cause: error },
      );
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  };
}

/** A topic that was just made is for a moment not known to the brokers, which kafkajs takes for a failure. */
async function untilKnown(admin: Admin, topic: string): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      if (topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
      if (attempt >= ATTEMPTS) return;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
}
