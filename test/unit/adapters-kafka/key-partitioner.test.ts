import fc from 'fast-check';
import kafkajs, { type Message, type PartitionMetadata } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { keyPartitioner } from '../../../src/adapters/kafka/key-partitioner.ts';

const metadataOf = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }) as PartitionMetadata);
/** So many that two hashes which differ are hardly ever the same partition. */
const many = metadataOf(9973);
const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));

describe('the partition of a key', () => {
  it('the partition of a key is that of the default partitioner of kafkajs, and so of the clients of Kafka', () => {
    const ours = keyPartitioner();
    const theirs = kafkajs.Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.oneof(bytes, fc.string({ unit: 'binary' })), (key) => {
        const args = { topic: 't', partitionMetadata: many, message: { key, value: null } as Message };
        expect(ours(args)).toBe(theirs(args));
      }),
      { numRuns: 2000 },
    );
  });

  it('the partition of a record is the one that it names, if it names one', () => {
    const message = { key: 'k', value: null, partition: 3 };
    expect(keyPartitioner()({ topic: 't', partitionMetadata: many, message })).toBe(3);
  });

  it('the partition of a record without a key changes from record to record', () => {
    const partitionOf = keyPartitioner();
    const args = { topic: 't', partitionMetadata: metadataOf(4), message: { key: null, value: null } };
    expect(new Set(Array.from({ length: 4 }, () => partitionOf(args)))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('the partition of a key takes time in proportion to its length: a hundred keys of 1 MiB are done', () => {
    const partitionOf = keyPartitioner();
    const key = Buffer.alloc(1_048_576, 'k');
    const args = { topic: 't', partitionMetadata: many, message: { key, value: null } };
    expect(new Set(Array.from({ length: 100 }, () => partitionOf(args))).size).toBe(1);
  });
});
