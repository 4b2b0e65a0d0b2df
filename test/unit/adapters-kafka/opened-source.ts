import { KafkaSource, type KafkaSourceOptions } from '../../../src/adapters/kafka/kafka-source.ts';
import type { Batch } from '../../../src/core/batch.ts';
import type { SourceEvents } from '../../../src/ports/message-source.ts';
import { RecordedLog } from '../../services/recorded.ts';
import type { InMemoryKafka } from './in-memory-kafka.ts';
import { SteppedClock } from './stepped-clock.ts';

export interface OpenedSource {
  readonly source: KafkaSource;
  readonly clock: SteppedClock;
  readonly log: RecordedLog;
  /** The assignments that have ended, as partition@epoch. */
  readonly revoked: readonly string[];
}

/** What a test changes of the usual options, and what it does before a rebalance. */
export type OpenOptions = Partial<KafkaSourceOptions> & Pick<SourceEvents, 'revoking'>;

export function sourceOn(
  kafka: InMemoryKafka,
  options: Partial<KafkaSourceOptions> = {},
): { readonly source: KafkaSource; readonly clock: SteppedClock; readonly log: RecordedLog } {
  const clock = new SteppedClock();
  const log = new RecordedLog();
  const source = new KafkaSource({
    kafka: kafka.client(),
    topic: 'in',
    group: 'group',
    startAt: 'earliest',
    concurrentPartitions: 2,
    maxMessages: 100,
    maxAgeSeconds: 0,
    once: false,
    log,
    clock,
    ...options,
  });
  return { source, clock, log };
}

/** A source of the topic `in`, open. */
export async function openedOn(
  kafka: InMemoryKafka,
  { revoking, ...options }: OpenOptions = {},
): Promise<OpenedSource> {
  const made = sourceOn(kafka, options);
  const revoked: string[] = [];
  await made.source.open({
    revoked: ({ partition }, epoch) => revoked.push(`${partition}@${epoch}`),
    ...(revoking === undefined ? {} : { revoking }),
  });
  return { ...made, revoked };
}

const never = new AbortController().signal;

/** Batches until so many messages came; `also` is asked for each batch whether it counts. */
export async function pullAll(
  source: KafkaSource,
  count: number,
  also: (batch: Batch) => boolean = () => true,
): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let got = 0; got < count; ) {
    const batch = await source.pull(never);
    if (batch === undefined) throw new Error(`the source ended after ${got} of ${count} messages`);
    if (!also(batch)) continue;
    batches.push(batch);
    got += batch.messages.length;
  }
  return batches;
}

/** What is there at once; undefined where nothing comes in a while. */
export async function pullSoon(source: KafkaSource, milliseconds = 300): Promise<Batch | undefined> {
  return await source.pull(AbortSignal.timeout(milliseconds));
}

export const textsOf = (batches: readonly Batch[]) =>
  batches.flatMap(({ messages }) => messages.map(({ bytes }) => Buffer.from(bytes).toString()));
export const offsetsOf = (batches: readonly Batch[]) =>
  batches.flatMap(({ messages }) => messages.map(({ offset }) => offset));
export const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);
export const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
