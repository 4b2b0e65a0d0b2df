import { compress as zstd } from '@mongodb-js/zstd';
import fc from 'fast-check';
import snappyCodec from 'kafkajs-snappy';
import { compressFrame } from 'lz4-napi';
import { describe, expect, it } from 'vitest';
import {
  lz4InflatedSize,
  snappyInflatedSize,
  zstdInflatedSize,
} from '../../../src/adapters/kafka/inflated-size.ts';

const snappy = async (bytes: Buffer) => Buffer.from(await snappyCodec().compress({ buffer: bytes }));

/** The blocks of snappy-java: magic, two versions, then each block with its length. */
async function xerial(blocks: readonly Buffer[]): Promise<Buffer> {
  const parts = [Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])];
  for (const block of blocks) {
    const compressed = await snappy(block);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(compressed.length);
    parts.push(length, compressed);
  }
  return Buffer.concat(parts);
}

/** Text with repeats of any length, and bytes that do not compress. */
const content = fc
  .tuple(fc.uint8Array({ maxLength: 2000 }), fc.string({ minLength: 1, maxLength: 20 }), fc.nat(60_000))
  .map(([noise, word, repeats]) => Buffer.concat([Buffer.from(noise), Buffer.from(word.repeat(repeats))]));

describe('the size that compressed bytes inflate to', () => {
  it('the estimated size of decompressed snappy data is exact, plain and in blocks', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        expect(snappyInflatedSize(await snappy(bytes))).toBe(bytes.length);
        expect(snappyInflatedSize(await xerial([bytes, bytes]))).toBe(2 * bytes.length);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['lz4', compressFrame, lz4InflatedSize, 4 * 1024 * 1024],
    ['zstd', zstd, zstdInflatedSize, 128 * 1024],
  ] as const)(
    'the estimated size of decompressed data is never too small for %s, and too large by less than a block',
    async (_, compress, size, block) => {
      await fc.assert(
        fc.asyncProperty(content, async (bytes) => {
          const told = size(Buffer.from(await compress(bytes)));
          expect(told).toBeGreaterThanOrEqual(bytes.length);
          expect(told).toBeLessThanOrEqual(bytes.length + block);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('the size of a decompression bomb is found without decompressing it', async () => {
    const zeros = Buffer.alloc(200 * 1024 * 1024);
    const bomb = Buffer.from(await zstd(zeros));
    expect(bomb.length).toBeLessThan(100_000);
    expect(zstdInflatedSize(bomb)).toBeGreaterThanOrEqual(zeros.length);
  });

  it.each([
    ['lz4', lz4InflatedSize],
    ['zstd', zstdInflatedSize],
    ['snappy', snappyInflatedSize],
  ] as const)(
    'the estimated size of invalid or truncated compressed data is a number or a RangeError: %s',
    (_, size) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
          try {
            expect(size(Buffer.from(bytes))).toBeGreaterThanOrEqual(0);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }),
      );
    },
  );
});
