import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { adminReadingUncommitted, tappedConsumer } from '../../../src/adapters/kafka/kafkajs-tap.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';

const tap = {
  joining: async () => {},
  granted: () => {},
  fetching: (_nodeId: number, _asked: object, made: never) => made,
};

describe('reaching into kafkajs', () => {
  it('the tap into kafkajs is refused with another version of the client', () => {
    const other = { consumer: () => ({}), admin: () => ({}) } as unknown as Kafka;
    for (const use of [
      () => tappedConsumer(other, { groupId: 'g' }, tap),
      () => adminReadingUncommitted(other),
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  it('the tap into kafkajs does not change other consumers and admins of the client', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['committed', 'open']);
    kafka.partitions[0]!.stable = 1;
    const client = kafka.client();
    const ends = async (admin: ReturnType<Kafka['admin']>) => (await admin.fetchTopicOffsets('in'))[0]!.high;
    expect(await ends(adminReadingUncommitted(client))).toBe('2');
    expect(await ends(client.admin())).toBe('1');
    let joins = 0;
    const count = { ...tap, joining: async () => void joins++ };
    const tapped = tappedConsumer(client, { groupId: 'g', maxWaitTimeInMs: 50 }, count);
    const plain = client.consumer({ groupId: 'g', maxWaitTimeInMs: 50 });
    for (const consumer of [plain, tapped]) {
      await consumer.connect();
      await consumer.subscribe({ topic: 'in' });
    }
    await plain.run({ eachBatch: async () => {} });
    expect(joins).toBe(0);
    await plain.disconnect();
    await tapped.run({ eachBatch: async () => {} });
    expect(joins).toBe(1);
    await tapped.disconnect();
  });
});
