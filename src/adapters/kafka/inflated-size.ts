/*
 * How many bytes compressed records inflate to, at most, from the sizes that the format itself says before each block:
 * nothing is inflated to find out. Each throws a RangeError where the bytes are not of the format.
 */

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

/** Snappy, plain or in the blocks of snappy-java, which Kafka's own clients write. */
export function snappyInflatedSize(bytes: Buffer): number {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return snappyPreamble(bytes);
  let size = 0;
  for (let at = XERIAL_HEADER_BYTES; at + 4 <= bytes.length; ) {
    const block = bytes.readUInt32BE(at);
    at += 4;
    size += snappyPreamble(bytes.subarray(at, at + block));
    at += block;
  }
  return size;
}

/** The length before the data: seven bits a byte, the lowest first. */
function snappyPreamble(bytes: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes.readUInt8(i);
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return size;
  }
  throw new RangeError('not snappy: its length has no end');
}

const LZ4_MAGIC = 0x184d2204;

/** LZ4 frames. A compressed block counts as the most that a block of its frame may hold. */
export function lz4InflatedSize(bytes: Buffer): number {
  let size = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes.readUInt32LE(at) !== LZ4_MAGIC) throw new RangeError('not an LZ4 frame');
    const flags = bytes.readUInt8(at + 4);
    const code = (bytes.readUInt8(at + 5) >> 4) & 7;
    if (code < 4) throw new RangeError('an LZ4 frame with no known size of blocks');
    const blockMost = 2 ** (8 + 2 * code);
    const blockChecksum = flags & 0x10 ? 4 : 0;
    at += 6 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0) + 1;
    for (;;) {
      const word = bytes.readUInt32LE(at);
      at += 4;
      if (word === 0) break;
      const block = word & 0x7fff_ffff;
      size += word >= 0x8000_0000 ? block : blockMost;
      at += block + blockChecksum;
    }
    at += flags & 0x04 ? 4 : 0;
  }
  return size;
}

const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_SKIPPABLE = 0x184d2a5;
const ZSTD_BLOCK_MOST = 128 * 1024;

/** Zstandard frames. A compressed block counts as the most that a block of its frame may hold. */
export function zstdInflatedSize(bytes: Buffer): number {
  let size = 0;
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at);
    if (magic >>> 4 === ZSTD_SKIPPABLE) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw new RangeError('not a Zstandard frame');
    const frame = zstdHeader(bytes, at + 4);
    at = frame.end;
    for (let last = false; !last; ) {
      const header = bytes.readUIntLE(at, 3);
      at += 3;
      last = (header & 1) === 1;
      const kind = (header >> 1) & 3;
      const block = header >> 3;
      if (kind === 3) throw new RangeError('a Zstandard block of no known kind');
      size += kind === 2 ? frame.blockMost : block;
      at += kind === 1 ? 1 : block;
    }
    at += frame.checksumBytes;
  }
  return size;
}

interface ZstdFrame {
  readonly end: number;
  readonly blockMost: number;
  readonly checksumBytes: number;
}

function zstdHeader(bytes: Buffer, start: number): ZstdFrame {
  const descriptor = bytes.readUInt8(start);
  const single = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  let at = start + 1;
  let window = 0;
  if (!single) {
    const byte = bytes.readUInt8(at++);
    const base = 2 ** (10 + (byte >> 3));
    window = base + (base / 8) * (byte & 7);
  }
  at += [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 2 ** sizeFlag;
  if (single)
    window =
      sizeBytes === 8
        ? Number(bytes.readBigUInt64LE(at))
        : bytes.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  return {
    end: at + sizeBytes,
    blockMost: Math.min(window, ZSTD_BLOCK_MOST),
    checksumBytes: descriptor & 0x04 ? 4 : 0,
  };
}
