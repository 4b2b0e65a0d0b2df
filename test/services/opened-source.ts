import type { Kafka } from 'kafkajs';
import { KafkaSource, type KafkaSourceOptions } from '../../src/adapters/kafka/kafka-source.ts';
import type { Batch } from '../../src/core/batch.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { SourceEvents } from '../../src/ports/message-source.ts';
import { quietLog } from '../contract/temporary-folder.ts';

export type OpenOptions = Partial<KafkaSourceOptions> &
  Pick<KafkaSourceOptions, 'topic' | 'group'> &
  Partial<SourceEvents>;

/** A source with the usual options, open. */
export async function openSource(
  kafka: Kafka,
  { revoking, revoked = () => {}, ...options }: OpenOptions,
): Promise<KafkaSource> {
  const source = new KafkaSource({
    kafka,
    startAt: 'earliest',
    concurrentPartitions: 4,
    maxMessages: 500,
    maxAgeSeconds: 0.02,
    once: false,
    log: quietLog,
    clock: systemClock,
    ...options,
  });
  await source.open({ revoked, ...(revoking === undefined ? {} : { revoking }) });
  return source;
}

const never = new AbortController().signal;

export async function pullAll(source: KafkaSource, count: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let got = 0; got < count; ) {
    const batch = await source.pull(never);
    if (batch === undefined) throw new Error(`the source ended after ${got} of ${count} messages`);
    batches.push(batch);
    got += batch.messages.length;
  }
  return batches;
}

export const textsOf = (batches: readonly Batch[]) =>
  batches.flatMap(({ messages }) => messages.map(({ bytes }) => Buffer.from(bytes).toString()));
export const offsetsOf = (batches: readonly Batch[]) =>
  batches.flatMap(({ messages }) => messages.map(({ offset }) => offset));
