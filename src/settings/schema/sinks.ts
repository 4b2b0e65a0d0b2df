import * as z from 'zod';
import { setting } from '../setting.ts';
import { filePath, type KindFacts, kindsOf, topic, topicAllowed } from './shared.ts';

type Kinds = Readonly<Record<string, KindFacts>>;

/** Where verdicts can be published. */
export const verdictKinds = { file: {}, kafka: { servers: ['kafka', 'brokers'] } } as const satisfies Kinds;

/** Where dead letters can be stored. */
export const deadLetterKinds = {
  file: {},
  kafka: { servers: ['kafka', 'brokers'] },
} as const satisfies Kinds;

/** Where the outcome log can be written. */
export const traceKinds = { file: {}, kafka: { servers: ['kafka', 'brokers'] } } as const satisfies Kinds;

export const verdicts = z.strictObject({
  kind: setting(kindsOf(verdictKinds).default('file'), {
    description: 'Where spam verdicts are published.',
  }),
  topic: setting(
    z
      .string()
      .regex(/^(?!\.{1,2}$)(?:[A-Za-z0-9._-]|\{community\})+$/)
      .default('spam-verdicts'),
    {
      description:
        'Kafka topic of verdicts. With `{community}` in it, one topic per community (see Topics by community).',
      allowed: `${topicAllowed}, and \`{community}\``,
    },
  ),
  maxCommunityTopics: setting(z.number().int().min(1).max(10_000).default(100), {
    description:
      'With `{community}` in `verdicts.topic`: maximum number of community topics in the cluster; all further communities share one.',
    unit: 'topics',
  }),
  file: filePath('verdicts.jsonl', 'File of verdicts, one per line.'),
});

export const deadLetters = z.strictObject({
  kind: setting(kindsOf(deadLetterKinds).default('file'), {
    description: 'Where unreadable messages are stored.',
  }),
  topic: setting(topic.optional(), {
    description: 'Kafka topic of dead letters.',
    allowed: topicAllowed,
    defaultText: '`source.topic` followed by `-dlt`',
  }),
  file: filePath('dead-letters.jsonl', 'File of dead letters, one per line.'),
});

export const refused = z.strictObject({
  file: filePath(
    'refused.jsonl',
    'File of records that a sink will never accept, such as one that Kafka rejects as too large however it is shortened.',
  ),
});

export const traces = z.strictObject({
  kind: setting(kindsOf(traceKinds).default('file'), {
    description: 'Where the outcome log is written.',
  }),
  topic: setting(topic.optional(), {
    description: 'Kafka topic of the outcome log.',
    allowed: topicAllowed,
    defaultText: '`source.topic` followed by `-trace`',
  }),
  file: filePath('trace.jsonl', 'File of the outcome log, one message per line.'),
});
