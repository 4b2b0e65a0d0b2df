import kafkajs, { type Kafka, type Message } from 'kafkajs';

interface ProduceRequest {
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: readonly Message[] }[];
  }[];
}

/**
 * Two brokers and one topic named `out`, as the producer of kafkajs sees its cluster; the producer itself, with its retries, is
 * that of kafkajs.
 */
export class MovingLeaders {
  /** Which broker leads each partition. */
  leaders: readonly number[];
  /** Makes the client look at the leaders again before its next send; otherwise it does where one fails. */
  isMetadataOld = false;
  /** The texts of each partition. */
  readonly partitions: string[][];
  /** Asked before a broker takes a request; throws in its place. */
  beforeProduce: (broker: number) => void = () => {};

  constructor(leaders: readonly number[]) {
    this.leaders = leaders;
    this.partitions = leaders.map(() => []);
  }

  get texts(): readonly string[] {
    return this.partitions.flat();
  }

  client(): Kafka {
    const kafka = new kafkajs.Kafka({ brokers: ['memory:1'], logLevel: kafkajs.logLevel.NOTHING });
    const symbol = Object.getOwnPropertySymbols(kafka).find(
      ({ description }) => description === 'private:Kafka:createCluster',
    )!;
    Object.defineProperty(kafka, symbol, { value: () => this.#cluster() });
    return kafka;
  }

  #cluster(): object {
    const brokers = new Map([1, 2].map((nodeId) => [nodeId, this.#broker(nodeId)]));
    const description = () => this.leaders.map((leader, partitionId) => ({ partitionId, leader }));
    let known = description();
    const refresh = async () => {
      known = description();
      this.isMetadataOld = false;
    };
    return {
      retry: {},
      connect: async () => {},
      disconnect: async () => {},
      isConnected: () => true,
      removeBroker: () => {},
      addMultipleTargetTopics: async () => {},
      refreshMetadata: refresh,
      refreshMetadataIfNecessary: async () => {
        if (this.isMetadataOld) await refresh();
      },
      findTopicPartitionMetadata: () => known,
      findLeaderForPartitions: (_topic: string, partitions: readonly string[]) => {
        const byLeader: Record<number, number[]> = {};
        for (const partition of partitions.map(Number)) {
          const { leader } = known[partition]!;
          byLeader[leader] = [...(byLeader[leader] ?? []), partition];
        }
        return byLeader;
      },
      findBroker: async ({ nodeId }: { readonly nodeId: string }) => brokers.get(Number(nodeId)),
      findControllerBroker: async () => brokers.get(1),
    };
  }

  #broker(nodeId: number): object {
    return {
      nodeId,
      initProducerId: async () => ({ producerId: 1, producerEpoch: 0 }),
      produce: async ({ topicData }: ProduceRequest) => {
        this.beforeProduce(nodeId);
        for (const { partitions } of topicData)
          for (const { partition, messages } of partitions)
            this.partitions[partition]!.push(...messages.map(({ value }) => String(value)));
        return {
          topics: topicData.map(({ topic, partitions }) => ({
            topicName: topic,
            partitions: partitions.map(({ partition }) => ({ partition, errorCode: 0 })),
          })),
        };
      },
    };
  }
}

/** What kafkajs throws where a broker is gone. */
export function connectionError(): Error {
  return new kafkajs.KafkaJSConnectionError('Connection error: connect ECONNREFUSED', {
    broker: 'memory:2',
    code: 'ECONNREFUSED',
  });
}
