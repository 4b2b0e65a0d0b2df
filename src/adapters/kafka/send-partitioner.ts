import kafkajs, { type ICustomPartitioner, type Message, type PartitionerArgs } from 'kafkajs';
import { keyPartitioner } from './key-partitioner.ts';

type PartitionMetadata = PartitionerArgs['partitionMetadata'];

/** A topic as it was when a send was first tried. */
interface SeenTopic {
  /** The description that was compared last; kafkajs makes a new one when it asks the cluster again. */
  metadata: PartitionMetadata;
  readonly leaders: ReadonlyMap<number, number>;
}

/**
 * Chooses the partitions of a producer that sends one batch after the other. kafkajs (2.2.4) chooses them again each time it
 * tries a send again, and then sends nothing to a broker that has answered already. So a record that has another partition by
 * then, or whose partition that broker leads by then, would never be sent and be reported as acknowledged. Here a record keeps
 * its partition, and where a leader has changed the send fails, to be repeated as a whole.
 */
export class SendPartitioner {
  readonly #chosen = new Map<Message, number>();
  readonly #topics = new Map<string, SeenTopic>();

  /** To be called before each send. */
  begin(): void {
    this.#chosen.clear();
    this.#topics.clear();
  }

  /** For the producer's options. */
  readonly create: ICustomPartitioner = () => {
    const choose = keyPartitioner();
    return (args) => {
      this.#expectSameLeaders(args);
      const partition = this.#chosen.get(args.message) ?? choose(args);
      this.#chosen.set(args.message, partition);
      return partition;
    };
  };

  /** Throws what kafkajs does not try again. */
  #expectSameLeaders({ topic, partitionMetadata }: PartitionerArgs): void {
    const seen = this.#topics.get(topic);
    if (seen?.metadata === partitionMetadata) return;
    const leaders = new Map(partitionMetadata.map(({ partitionId, leader }) => [partitionId, leader]));
    if (seen === undefined) {
      this.#topics.set(topic, { metadata: partitionMetadata, leaders });
      return;
    }
    for (const [partition, leader] of seen.leaders)
      if (leaders.get(partition) !== leader)
        throw Object.assign(
          new kafkajs.KafkaJSNonRetriableError(
            `the leader of partition ${partition} of ${topic} has changed; the send is repeated`,
          ),
          { cause: Object.assign(new Error('the leader has changed'), { type: 'NOT_LEADER_FOR_PARTITION' }) },
        );
    seen.metadata = partitionMetadata;
  }
}
