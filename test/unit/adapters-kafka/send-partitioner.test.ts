import { describe, expect, it } from 'vitest';
import { KafkaPublisher } from '../../../src/adapters/kafka/kafka-publisher.ts';
import type { SluiceError } from '../../../src/core/errors.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { connectionError, MovingLeaders } from './moving-leaders.ts';

const values = ['a', 'b', 'c', 'd'];
/** Without keys, so that kafkajs chooses partitions in turns. */
const publishTo = (publisher: KafkaPublisher, partitionOf?: (index: number) => number) =>
  publisher.publish(
    values.map((value, index) => ({
      topic: 'out',
      message: {
        key: null,
        value,
        headers: {},
        ...(partitionOf === undefined ? {} : { partition: partitionOf(index) }),
      },
    })),
  );

describe('a send that the client tries again', () => {
  it('a send that the client retries fails if a broker that has answered became the leader of another partition, to which kafkajs would send nothing', async () => {
    const kafka = new MovingLeaders([1, 2]);
    const publisher = new KafkaPublisher({ kafka: kafka.client(), log: quietLog });
    kafka.beforeProduce = (broker) => {
      if (broker === 1) return;
      kafka.leaders = [1, 1];
      throw connectionError();
    };
    const failed = await publishTo(publisher, (index) => index % 2).then(
      () => undefined,
      (thrown: SluiceError) => thrown,
    );
    expect(failed).toMatchObject({ code: 'SINK_FAILED', retriable: true });
    expect(failed!.message).toContain('NOT_LEADER_FOR_PARTITION');
    expect(failed!.unfinished!.open).toEqual([0, 1, 2, 3]);
    expect(await publishTo(publisher, (index) => index % 2)).toEqual([]);
    expect(new Set(kafka.texts)).toEqual(new Set(values));
    await publisher.close();
  });

  it('a send that the client retries keeps each record in the partition of the first attempt, and sends acknowledged records once', async () => {
    const kafka = new MovingLeaders([1, 2, 1]);
    const publisher = new KafkaPublisher({ kafka: kafka.client(), log: quietLog });
    let failures = 2;
    kafka.beforeProduce = (broker) => {
      if (broker === 2 && failures-- > 0) throw connectionError();
    };
    expect(await publishTo(publisher)).toEqual([]);
    expect([...kafka.texts].sort()).toEqual(values);
    expect(failures).toBe(-1);
    expect(publisher.producersMade).toBe(1);
    // The next send begins again.
    kafka.leaders = [2, 1, 2];
    kafka.isMetadataOld = true;
    expect(await publishTo(publisher)).toEqual([]);
    expect([...kafka.texts].sort()).toEqual([...values, ...values].sort());
    await publisher.close();
  });
});
