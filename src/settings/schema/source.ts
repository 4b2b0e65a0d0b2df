import * as z from 'zod';
import { setting } from '../setting.ts';
import { type KindFacts, kindsOf, path, topic, topicAllowed } from './shared.ts';

/** Where messages can be read from. */
export const sourceKinds = {
  file: { whyNoTime: 'is a time, which files know nothing of' },
  kafka: { servers: ['kafka', 'brokers'], zookeeperKeys: ['topic-name'] },
} as const satisfies Readonly<Record<string, KindFacts>>;

export const source = z.strictObject({
  kind: setting(kindsOf(sourceKinds).default('file'), { description: 'Where messages are read from.' }),
  startAt: setting(
    z.union([z.enum(['earliest', 'latest']), z.iso.datetime({ offset: true })]).default('earliest'),
    {
      description: 'Where to start reading if no offset is committed yet. A time is allowed with Kafka only.',
      allowed: '`earliest`, `latest`, or a time such as `2026-11-22T00:00:00Z`',
    },
  ),
  topic: setting(topic.default('chat-messages'), {
    description: 'Kafka topic of the messages.',
    allowed: topicAllowed,
  }),
  group: setting(z.string().min(1).max(249).default('sluice'), {
    description: 'Consumer group. Daemons with the same group share the partitions.',
  }),
  concurrentPartitions: setting(z.number().int().min(1).max(1024).default(8), {
    description: 'Partitions of one fetch that are processed concurrently.',
    unit: 'partitions',
  }),
  file: z
    .strictObject({
      inbox: setting(path.default('inbox'), {
        description:
          'Folder whose `*.jsonl` files are read, one message per line. Appended lines are read too.',
        defaultBase: 'state',
      }),
      demo: setting(z.enum(['none', 'spam-assassin']).default('none'), {
        description: 'Demonstration messages to write into an empty inbox on the first start.',
      }),
    })
    .prefault({}),
});
