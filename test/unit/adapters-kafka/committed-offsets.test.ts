import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { committedOffsets } from '../../../src/adapters/kafka/committed-offsets.ts';

/** A client whose admin knows three partitions; `failure`: what it answers instead. */
function kafkaOf(failure?: Error) {
  const calls: string[] = [];
  const admin = {
    connect: async () => void calls.push('connect'),
    disconnect: async () => void calls.push('disconnect'),
    fetchOffsets: async () => {
      if (failure !== undefined) throw failure;
      return [
        {
          topic: 'dead',
          partitions: [
            { partition: 0, offset: '5', metadata: null },
            { partition: 1, offset: '-1', metadata: null },
            { partition: 2, offset: '100', metadata: null },
          ],
        },
      ];
    },
    fetchTopicOffsets: async () =>
      [0, 1, 2].map((partition) => ({ partition, offset: '9', high: '9', low: '0' })),
  };
  return { kafka: { admin: () => admin } as unknown as Kafka, calls };
}

describe('committedOffsets', () => {
  it('committedOffsets returns the committed offsets of the group, without those beyond the end of a recreated topic', async () => {
    const { kafka, calls } = kafkaOf();
    expect(await committedOffsets(kafka, 'group', 'dead')).toEqual(new Map([[0, 5]]));
    expect(calls).toEqual(['connect', 'disconnect']);
  });

  it('committedOffsets throws SOURCE_FAILED with the name of the group, and leaves no connection open', async () => {
    const { kafka, calls } = kafkaOf(new Error('refused'));
    await expect(committedOffsets(kafka, 'my-group', 'dead')).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('my-group'),
    });
    expect(calls.at(-1)).toBe('disconnect');
  });
});
