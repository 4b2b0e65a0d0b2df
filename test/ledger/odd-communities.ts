import kafkajs, { type Kafka } from 'kafkajs';
import type { EventLog } from './event-log.ts';
import { ExtraMessages } from './extra-messages.ts';

/** The topic of verdicts is the community's own name, so that the writer of a message chooses it. */
export const VERDICTS_BY_COMMUNITY = '{community}';

const LONG = 300;
const PER_PARTITION = 10;

/** Names that Kafka refuses as a topic, that it takes for one another, or that are taken already. */
export const oddCommunities = [
  'site.one',
  'site_one',
  '..',
  '__consumer_offsets',
  'chat-messages',
  'messages',
  '日本',
  '中国',
  '.',
  '',
  'none',
  'trace',
  'messages-dlt',
  'x'.repeat(LONG),
] as const;

export interface OddCommunitiesOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly partitions: number;
  readonly seed: number;
  readonly events: EventLog;
}

/** Sends messages of a community that makes a bad name of a topic, half of them spam, to each partition. Answers which. */
export async function sendOddCommunity(
  nth: number,
  { kafka, topic, partitions, seed, events }: OddCommunitiesOptions,
): Promise<string> {
  const community = oddCommunities[nth % oddCommunities.length]!;
  const extra = new ExtraMessages({
    ...{ seed, name: `c${nth}`, community, partitions },
    perPartition: PER_PARTITION,
  });
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  try {
    extra.acknowledge(await producer.send({ topic, messages: [...extra.messages], acks: -1 }), events);
  } finally {
    await producer.disconnect();
  }
  return community.length < LONG ? `'${community}'` : `${community.length} letters`;
}
