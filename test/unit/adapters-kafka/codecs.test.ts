import kafkajs from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { installCodecs } from '../../../src/adapters/kafka/codecs.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const KIBIBYTE = 1024;

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

afterEach(() => installCodecs(64 * KIBIBYTE * KIBIBYTE));

describe('the codecs of batches', () => {
  it.each([
    ['gzip', CompressionTypes.GZIP],
    ['snappy', CompressionTypes.Snappy],
    ['lz4', CompressionTypes.LZ4],
    ['zstd', CompressionTypes.ZSTD],
  ] as const)(
    'the codecs decompress what fits into the limit and nothing far beyond it: %s',
    async (_, type) => {
      // The size that lz4 and zstd state may be too large by a block.
      installCodecs(8 * KIBIBYTE * KIBIBYTE);
      const codec = CompressionCodecs[type]() as Codec;
      const fitting = Buffer.alloc(2 * KIBIBYTE * KIBIBYTE, 'spam ');
      const inflated = await codec.decompress(Buffer.from(await codec.compress({ buffer: fitting })));
      expect(fitting.equals(inflated)).toBe(true);
      const large = Buffer.from(await codec.compress({ buffer: Buffer.alloc(13 * KIBIBYTE * KIBIBYTE) }));
      expect(large.length).toBeLessThan(KIBIBYTE * KIBIBYTE);
      const inflating = (async () => (await codec.decompress(large)).length)();
      await expect(inflating).rejects.toThrow(RangeError);
    },
  );
});
