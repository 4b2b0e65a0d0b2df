import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KafkaPublisher } from '../../src/adapters/kafka/kafka-publisher.ts';
import { KafkaServer } from '../../src/cluster/kafka-server.ts';
import type { SluiceError } from '../../src/core/errors.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { Deliveries, GroupConsumer } from './group-consumer.ts';
import { freshName, KafkaTopics, kafkaOn } from './kafka-topics.ts';
import { until } from './recorded.ts';

/** By position the first choice of who leads a partition; of the members' partitions, odd and even, each broker leads some. */
const LEADERS = [1, 1, 2, 2, 1, 2];
const OFFSETS_TOPIC = '__consumer_offsets';

let folder: string;
let first: KafkaServer;
let second: KafkaServer;
let topics: KafkaTopics;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-brokers-'));
  const common = {
    heapMebibytes: 256,
    shortLived: true,
    properties: {
      'offsets.topic.replication.factor': 2,
      // A broker that is back leads its partitions again soon.
      'leader.imbalance.check.interval.seconds': 1,
      'leader.imbalance.per.broker.percentage': 0,
    },
  };
  first = await KafkaServer.start({ ...common, folder: join(folder, 'first') });
  second = await KafkaServer.start({ ...common, folder: join(folder, 'second'), joins: first });
  topics = await KafkaTopics.open([first.broker, second.broker]);
});
afterAll(async () => {
  await topics?.close();
  await second?.stop();
  await first?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function leaders(topic: string): Promise<readonly number[]> {
  const { topics: found } = await topics.admin.fetchTopicMetadata({ topics: [topic] });
  return [...found[0]!.partitions].sort((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
}

async function replicatedTopic(): Promise<string> {
  const topic = freshName('two');
  await topics.admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic,
        replicaAssignment: LEADERS.map((leader, partition) => ({
          partition,
          replicas: [leader, 3 - leader],
        })),
      },
    ],
  });
  return topic;
}

/** A name whose group has its coordinator on the broker: that one leads the partition that the name's hash leads to. */
async function groupOn(broker: number): Promise<string> {
  // The topic is made when a group is looked for; its coordinator is not there at once.
  await topics.admin.fetchOffsets({ groupId: freshName('any'), topics: [] }).catch(() => {});
  let coordinators: readonly number[] = [];
  await until(async () => {
    coordinators = await leaders(OFFSETS_TOPIC).catch(() => []);
    return coordinators.includes(broker) && !coordinators.includes(-1);
  });
  for (;;) {
    const name = freshName('group');
    const hash = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 0);
    if (coordinators[(hash & 0x7fffffff) % coordinators.length] === broker) return name;
  }
}

/** Publishes to all partitions, round after round, until it is stopped. Texts begin with the name of the phase. */
class Feeder {
  phase = 'one member';
  /** What Kafka has acknowledged. What it has not may be there all the same. */
  readonly acknowledged = new Set<string>();
  readonly #publisher = new KafkaPublisher({ kafka: topics.kafka, log: quietLog });
  #n = 0;
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(topic: string) {
    this.#done = this.#feed(topic);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #feed(topic: string): Promise<void> {
    while (!this.#stopped) {
      const messages = LEADERS.flatMap((_, partition) =>
        Array.from({ length: 20 }, () => ({ partition, value: `${this.phase}: ${this.#n++}` })),
      );
      const open = await this.#publisher.publish(messages.map((message) => ({ topic, message }))).then(
        (): readonly number[] => [],
        (thrown: SluiceError) => thrown.unfinished!.open,
      );
      for (const [index, { value }] of messages.entries())
        if (!open.includes(index)) this.acknowledged.add(value);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await this.#publisher.close();
  }
}

it('a consumer group survives members that join and leave and a broker that is killed: nothing is lost, blocked, or repeated after its commit', async () => {
  const topic = await replicatedTopic();
  const group = await groupOn(2);
  await until(async () => (await leaders(topic)).join() === LEADERS.join());
  const deliveries = new Deliveries();
  const open = (name: string) =>
    GroupConsumer.open(name, kafkaOn([first.broker, second.broker]), { topic, group }, deliveries);
  const feeder = new Feeder(topic);
  /** Until each partition has delivered a message that was sent in this phase. */
  const allDeliver = async (phase: string) => {
    feeder.phase = phase;
    await until(() => deliveries.hasFromEach(phase, LEADERS.length), 120).catch(async (error) => {
      throw new Error(
        `${error.message}; ${JSON.stringify({
          phase,
          acknowledged: [...feeder.acknowledged].filter((text) => text.startsWith(phase)).length,
          delivered: deliveries.partitionsOf(phase),
          members: await Promise.all(
            members.map(async ({ source, delivered }) => ({
              trouble: source.trouble(),
              lag: await source.lag().catch(String),
              partitions: [...delivered],
            })),
          ),
          leaders: await leaders(topic).catch(String),
        })}`,
      );
    });
  };
  const bothDeliver = async (...members: readonly GroupConsumer[]) => {
    for (const { delivered } of members) delivered.clear();
    await until(() => members.every(({ delivered }) => delivered.size === LEADERS.length / 2), 60);
  };
  const steady = await open('steady');
  const members = [steady];
  try {
    await allDeliver('one member');
    const guest = await open('guest');
    members.push(guest);
    await bothDeliver(steady, guest);
    await allDeliver('two members');
    await guest.close();
    await allDeliver('one member again');
    // What was delivered was committed before each rebalance.
    expect(deliveries.repeats).toBe(0);

    const other = await open('other');
    members.push(other);
    await bothDeliver(steady, other);
    await second.process.kill();
    await allDeliver('one broker');
    expect(new Set(await leaders(topic))).toEqual(new Set([1]));
    await second.startAgain();
    await until(async () => (await leaders(topic)).join() === LEADERS.join());
    await allDeliver('two brokers again');

    await feeder.stop();
    const there = await topics.read(topic);
    await until(() => deliveries.texts.size >= there.length, 30);
    const texts = new Set(there.map(({ value }) => value!.toString()));
    expect(new Set(deliveries.texts.values())).toEqual(texts);
    expect([...feeder.acknowledged].filter((text) => !texts.has(text))).toEqual([]);
    expect(deliveries.texts.size).toBe(there.length);
    expect(deliveries.wrong).toEqual([]);
    await until(async () => {
      const lags = (await Promise.all([steady, other].map(({ source }) => source.lag()))).flat();
      return lags.length === LEADERS.length && lags.every(({ lag }) => lag === 0);
    }, 30);
    for (const { source } of [steady, other]) expect(source.trouble()).toBeUndefined();
  } finally {
    await feeder.stop();
    for (const member of members) await member.close();
  }
}, 300_000);
