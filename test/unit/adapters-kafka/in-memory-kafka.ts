import kafkajs, { type Kafka } from 'kafkajs';
import { answerBytes, batchBytes, type TestBatch, type TestRecord } from './fetch-bytes.ts';
import { InMemoryGroup, protocolError } from './in-memory-group.ts';

interface Batch {
  readonly first: number;
  readonly last: number;
  readonly timestamp: number;
  readonly bytes: Buffer;
}

interface Partition {
  readonly leader: number;
  low: number;
  /** Where reading of what is committed ends; behind the last batch where undefined. */
  stable: number | undefined;
  aborted: { readonly producerId: number; readonly firstOffset: number }[];
  readonly batches: Batch[];
}

interface AskedPartition {
  readonly partition: number;
  readonly fetchOffset: string;
}

interface ProtocolRequest {
  readonly request: { readonly apiVersion: number };
  readonly response: { readonly decode: (raw: Buffer) => Promise<unknown> };
}

interface FetchOptions {
  readonly maxWaitTime: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly AskedPartition[] }[];
}

const TOPIC = 'in';
const MAX_BYTES = 256 * 1024;
const READ_UNCOMMITTED = 0;

/**
 * Brokers, one topic named `in` and one group, in memory. Clients of it are kafkajs itself, consumer group, offsets and
 * retries included; only what it sends over the network is answered here. So what a test sees is what kafkajs does.
 */
export class InMemoryKafka {
  readonly group = new InMemoryGroup();
  readonly partitions: Partition[] = [];
  readonly brokers: number;
  /** Every fetch that was answered: of which broker, and from which offsets. */
  readonly fetches: { readonly broker: number; readonly offsets: ReadonlyMap<number, number> }[] = [];
  /** Makes every request fail like a connection that cannot be made. */
  isDown = false;
  /** Held before a fetch is answered; to let tests decide when. */
  beforeAnswer: (broker: number, asked: ReadonlyMap<number, number>) => Promise<void> | void = () => {};
  /** Held when an answer was decoded, before the consumer gets it: as where it is still busy with others. */
  afterDecoding: (broker: number, asked: ReadonlyMap<number, number>) => Promise<void> | void = () => {};
  /** Held before a commit is looked at. */
  beforeCommit: () => Promise<void> | void = () => {};
  /** In place of the records of an answer: to make it fail. */
  failFetch: Error | undefined;
  /** In place of where partitions begin and end. */
  failOffsets: Error | undefined;
  #changed: (() => void)[] = [];

  constructor({ partitions = 1, brokers = 1 } = {}) {
    this.brokers = brokers;
    for (let i = 0; i < partitions; i++)
      this.partitions.push({
        leader: 1 + (i % brokers),
        low: 0,
        stable: undefined,
        aborted: [],
        batches: [],
      });
  }

  /** A client of its own, as `createKafka` makes one. */
  client(): Kafka {
    const kafka = new kafkajs.Kafka({ brokers: ['memory:1'], logLevel: kafkajs.logLevel.NOTHING });
    const symbol = Object.getOwnPropertySymbols(kafka).find(
      ({ description }) => description === 'private:Kafka:createCluster',
    )!;
    Object.defineProperty(kafka, symbol, { value: () => new InMemoryCluster(this) });
    return kafka;
  }

  end(partition: number): number {
    return (this.partitions[partition]!.batches.at(-1)?.last ?? this.partitions[partition]!.low - 1) + 1;
  }

  /** Appends a batch; its offsets go on where the partition ends. */
  append(partition: number, batch: Omit<TestBatch, 'baseOffset'> & { readonly baseOffset?: number }): void {
    const first = batch.baseOffset ?? this.end(partition);
    const records = batch.records?.length ?? 1;
    const last = batch.lastOffset ?? first + records - 1;
    this.partitions[partition]!.batches.push({
      first,
      last,
      timestamp: batch.firstTimestamp ?? 0,
      bytes: batchBytes({ ...batch, baseOffset: first }),
    });
    this.wake();
  }

  put(partition: number, values: readonly (string | TestRecord)[]): void {
    const records = values.map((value) => (typeof value === 'string' ? { value } : value));
    this.append(partition, { records, firstTimestamp: Date.now() });
  }

  /** A transaction that is aborted: its records, and the mark behind them. */
  putAborted(partition: number, values: readonly string[], producerId = 77): void {
    this.partitions[partition]!.aborted.push({ producerId, firstOffset: this.end(partition) });
    this.append(partition, {
      records: values.map((value) => ({ value })),
      isTransactional: true,
      producerId,
    });
    this.append(partition, { mark: 'abort', producerId });
  }

  /** Deletes what lies before an offset. */
  deleteBefore(partition: number, offset: number): void {
    const of = this.partitions[partition]!;
    of.low = offset;
    while (of.batches.length > 0 && of.batches[0]!.last < offset) of.batches.shift();
  }

  wake(): void {
    for (const wake of this.#changed.splice(0)) wake();
  }

  /** Throws what a client gets of a broker that is gone. */
  check(): void {
    if (this.isDown)
      throw new kafkajs.KafkaJSConnectionError('Connection error: connect ECONNREFUSED', {
        broker: 'memory:1',
        code: 'ECONNREFUSED',
      });
  }

  limit(partition: number, isolationLevel: number | undefined): number {
    const end = this.end(partition);
    return isolationLevel === READ_UNCOMMITTED
      ? end
      : Math.min(end, this.partitions[partition]!.stable ?? end);
  }

  /** The bytes of the answer to a fetch; waits like a broker where there is nothing yet. */
  async answer(broker: number, { topics, maxWaitTime }: FetchOptions): Promise<Buffer> {
    const asked = topics.flatMap(({ partitions }) => partitions);
    const offsets = offsetsAsked({ topics });
    const hasNews = () =>
      asked.some(
        ({ partition, fetchOffset }) =>
          Number(fetchOffset) < this.limit(partition, undefined) ||
          this.#isOutOfRange(partition, Number(fetchOffset)),
      );
    if (!hasNews()) await this.#change(maxWaitTime);
    // As over a network: a fetch that is answered at once lets others have their turn.
    await new Promise((resolve) => setImmediate(resolve));
    await this.beforeAnswer(broker, offsets);
    this.check();
    if (this.failFetch !== undefined) throw this.failFetch;
    this.fetches.push({ broker, offsets });
    return answerBytes(
      TOPIC,
      asked.map(({ partition, fetchOffset }) => {
        const from = Number(fetchOffset);
        const limit = this.limit(partition, undefined);
        if (this.#isOutOfRange(partition, from)) throw outOfRange(partition);
        let bytes = 0;
        const batches: Buffer[] = [];
        for (const batch of this.partitions[partition]!.batches) {
          if (batch.last < from || batch.first >= limit || bytes >= MAX_BYTES) continue;
          bytes += batch.bytes.length;
          batches.push(batch.bytes);
        }
        return {
          partition,
          high: this.end(partition),
          stable: limit,
          aborted: this.partitions[partition]!.aborted,
          records: Buffer.concat(batches),
        };
      }),
    );
  }

  #isOutOfRange(partition: number, offset: number): boolean {
    return offset < this.partitions[partition]!.low || offset > this.end(partition);
  }

  #change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#changed.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function offsetsAsked({ topics }: Pick<FetchOptions, 'topics'>): ReadonlyMap<number, number> {
  const asked = topics.flatMap(({ partitions }) => partitions);
  return new Map(asked.map(({ partition, fetchOffset }) => [partition, Number(fetchOffset)]));
}

function outOfRange(partition: number): Error {
  return new kafkajs.KafkaJSOffsetOutOfRange(protocolError('OFFSET_OUT_OF_RANGE', false), {
    topic: TOPIC,
    partition,
  });
}

/** What kafkajs asks of its cluster, one for each consumer and admin. */
class InMemoryCluster {
  isolationLevel: number | undefined;
  readonly #kafka: InMemoryKafka;
  readonly #brokers = new Map<number, InMemoryBroker>();
  readonly #committed: Record<string, Record<string, string>> = {};

  constructor(kafka: InMemoryKafka) {
    this.#kafka = kafka;
    for (let id = 1; id <= kafka.brokers; id++) this.#brokers.set(id, new InMemoryBroker(kafka, id));
  }

  async connect(): Promise<void> {
    this.#kafka.check();
  }
  async disconnect(): Promise<void> {}
  async addTargetTopic(topic: string): Promise<void> {
    await this.addMultipleTargetTopics([topic]);
  }
  async addMultipleTargetTopics(topics: readonly string[]): Promise<void> {
    this.#kafka.check();
    if (topics.some((topic) => topic !== TOPIC)) throw protocolError('UNKNOWN_TOPIC_OR_PARTITION');
  }
  async refreshMetadata(): Promise<void> {
    this.#kafka.check();
  }
  async refreshMetadataIfNecessary(): Promise<void> {}
  removeBroker(): void {}
  getNodeIds(): readonly string[] {
    return [...this.#brokers.keys()].map(String);
  }
  findTopicPartitionMetadata(): readonly object[] {
    return this.#kafka.partitions.map(({ leader }, partitionId) => ({ partitionId, leader }));
  }
  async findGroupCoordinator(): Promise<InMemoryBroker> {
    return await this.findBroker({ nodeId: 1 });
  }
  async findBroker({ nodeId }: { readonly nodeId: string | number }): Promise<InMemoryBroker> {
    this.#kafka.check();
    return this.#brokers.get(Number(nodeId))!;
  }
  defaultOffset({ fromBeginning }: { readonly fromBeginning: boolean }): number {
    return fromBeginning ? -2 : -1;
  }
  async fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly fromBeginning?: boolean;
      readonly fromTimestamp?: number;
      readonly partitions: readonly { readonly partition: number }[];
    }[],
  ): Promise<readonly object[]> {
    this.#kafka.check();
    if (this.#kafka.failOffsets !== undefined) throw this.#kafka.failOffsets;
    return topics.map(({ topic, fromBeginning, fromTimestamp, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => {
        const { low, batches } = this.#kafka.partitions[partition]!;
        const offset = fromBeginning
          ? low
          : fromTimestamp === undefined
            ? this.#kafka.limit(partition, this.isolationLevel)
            : (batches.find((batch) => batch.timestamp >= fromTimestamp)?.first ?? -1);
        return { partition, offset: String(offset) };
      }),
    }));
  }
  committedOffsets(): Record<string, Record<string, string>> {
    return this.#committed;
  }
}

class InMemoryBroker {
  readonly nodeId: number;
  /** Not private: what has this broker as its prototype must reach it too. */
  readonly memory: InMemoryKafka;

  constructor(memory: InMemoryKafka, nodeId: number) {
    this.memory = memory;
    this.nodeId = nodeId;
  }

  isConnected(): boolean {
    return !this.memory.isDown;
  }

  lookupRequest(_key: number): (asked: FetchOptions) => ProtocolRequest {
    const decode = () => Promise.reject(new Error('the answer is not read by the adapter'));
    return () => ({ request: { apiVersion: 11 }, response: { decode } });
  }

  async fetch(options: FetchOptions): Promise<unknown> {
    const { response } = this.lookupRequest(1)(options);
    const answer = await response.decode(await this.memory.answer(this.nodeId, options));
    await this.memory.afterDecoding(this.nodeId, offsetsAsked(options));
    return answer;
  }
  async joinGroup(request: Parameters<InMemoryGroup['join']>[0]): Promise<object> {
    this.memory.check();
    return await this.memory.group.join(request);
  }
  async syncGroup(request: Parameters<InMemoryGroup['sync']>[0]): Promise<object> {
    return await this.memory.group.sync(request);
  }
  async heartbeat(request: Parameters<InMemoryGroup['heartbeat']>[0]): Promise<void> {
    this.memory.check();
    this.memory.group.heartbeat(request);
  }
  async leaveGroup({ memberId }: { readonly memberId: string }): Promise<void> {
    this.memory.check();
    this.memory.group.leave(memberId);
  }
  async offsetCommit(request: Parameters<InMemoryGroup['commit']>[0]): Promise<void> {
    this.memory.check();
    await this.memory.beforeCommit();
    this.memory.group.commit(request);
  }
  async offsetFetch({
    topics,
  }: {
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
    }[];
  }): Promise<object> {
    this.memory.check();
    const responses = topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({
        partition,
        offset: String(this.memory.group.committed.get(partition) ?? -1),
      })),
    }));
    return { responses };
  }
}
