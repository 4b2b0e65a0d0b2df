import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { compress as zstdCompress, decompress as zstdDecompress } from '@mongodb-js/zstd';
import kafkajs from 'kafkajs';
import snappyCodec from 'kafkajs-snappy';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { lz4InflatedSize, snappyInflatedSize, zstdInflatedSize } from './inflated-size.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Uint8Array>;
  decompress(compressed: Buffer): Promise<Uint8Array>;
}

const gzipped = promisify(gzip);
const gunzipped = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/**
 * Gives kafkajs, for this whole process, all codecs of Kafka, none of which inflates a batch beyond `limitBytes`: a batch
 * of 1 MiB can hold gigabytes. Each throws at a batch that would, or that is broken.
 */
export function installCodecs(limitBytes: number): void {
  const snappy = snappyCodec();
  const measured =
    (size: (bytes: Buffer) => number, inflate: (bytes: Buffer) => Promise<Uint8Array>) =>
    (compressed: Buffer): Promise<Uint8Array> => {
      if (size(compressed) > limitBytes) throw new RangeError('it inflates to too much');
      return inflate(compressed);
    };
  const codecs: readonly (readonly [keyof typeof CompressionCodecs, Codec])[] = [
    [
      CompressionTypes.GZIP,
      {
        compress: ({ buffer }) => gzipped(buffer),
        decompress: (compressed) => gunzipped(compressed, { maxOutputLength: limitBytes }),
      },
    ],
    [
      CompressionTypes.Snappy,
      { compress: snappy.compress, decompress: measured(snappyInflatedSize, snappy.decompress) },
    ],
    [
      CompressionTypes.LZ4,
      {
        compress: ({ buffer }) => compressFrame(buffer),
        decompress: measured(lz4InflatedSize, decompressFrame),
      },
    ],
    [
      CompressionTypes.ZSTD,
      {
        compress: ({ buffer }) => zstdCompress(buffer),
        decompress: measured(zstdInflatedSize, zstdDecompress),
      },
    ],
  ];
  for (const [type, codec] of codecs) CompressionCodecs[type] = () => codec;
}
