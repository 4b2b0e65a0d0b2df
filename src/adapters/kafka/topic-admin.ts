import type { Admin, Kafka } from 'kafkajs';
import { SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { accessRefused } from './access-refused.ts';
import { publishFailure } from './publish-failure.ts';

const ATTEMPTS = 20;
const WAIT_MS = 200;

/**
 * Looks up topics and creates them. Each call has a connection of its own, since there are few. All throw `SINK_FAILED`
 * (retriable), or `SETTINGS_INVALID` where the broker refuses us.
 */
export class TopicAdmin {
  readonly #kafka: Kafka;
  readonly #partitions: number;
  readonly #log: Log;

  /** `partitions`: of a topic that is created; the broker decides on replicas. */
  constructor(kafka: Kafka, partitions: number, log: Log) {
    this.#kafka = kafka;
    this.#partitions = partitions;
    this.#log = log;
  }

  /** Names of all topics of the cluster that we may see. */
  names(): Promise<readonly string[]> {
    return this.#asked('topics cannot be listed', (admin) => admin.listTopics());
  }

  exists(topic: string): Promise<boolean> {
    return this.#asked(`the topic ${topic} cannot be looked up`, (admin) => isThere(admin, topic));
  }

  /** Creates the topic where it is missing. */
  make(topic: string): Promise<void> {
    return this.#asked(`the topic ${topic} cannot be looked up or created`, async (admin) => {
      // Looked up first: who may write to a topic need not have the right to create one.
      if (await isThere(admin, topic)) return;
      const made = await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: this.#partitions, replicationFactor: -1 }],
      });
      if (!made) return;
      await untilKnown(admin, topic);
      this.#log.info({ topic, partitions: this.#partitions }, 'the topic was missing and has been created');
    });
  }

  async #asked<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      return await question(admin);
    } catch (error) {
      throw (
        accessRefused(error) ??
        new SluiceError(
          'SINK_FAILED',
          `Kafka: ${what} (${publishFailure(error, false).reason}); create it, or check the brokers, kafka.tls and rights`,
          { retriable: true, cause: error },
        )
      );
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

async function isThere(admin: Admin, topic: string): Promise<boolean> {
  try {
    await admin.fetchTopicMetadata({ topics: [topic] });
    return true;
  } catch (error) {
    if ((error as { readonly type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
    throw error;
  }
}

/** A topic that was just created is for a moment not known to the brokers, which kafkajs takes for a failure. */
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
