/**
 * Finds out whether an ONNX graph takes data from other files, by walking its protocol buffer. ONNX Runtime would read them
 * beside the graph or, of a graph that was loaded from memory, from the working directory, and nothing holds those files to
 * a hash.
 */

/** Message types of `onnx.proto` that can contain a tensor: field number → type of the field's messages. */
const messages = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: {
    5: 'tensor',
    6: 'graph',
    10: 'tensor',
    11: 'graph',
    22: 'sparseTensor',
    23: 'sparseTensor',
  },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;
type MessageType = keyof typeof messages;

/** Of a tensor: where its data is, as pairs of key and value, and whether that is elsewhere. */
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
/** A graph inside an attribute of a node is three messages deep. */
const DEEPEST = 300;
/** Of ONNX Runtime's own format, which it takes as well. */
const ORT_FORMAT = 'ORTM';

/** Why a graph is refused before it is given to ONNX Runtime; undefined where nothing speaks against it. */
export function refusalOfGraph(bytes: Uint8Array): string | undefined {
  if (Buffer.from(bytes.subarray(4, 8)).toString('latin1') === ORT_FORMAT)
    return 'it is in the format of ONNX Runtime and not in that of ONNX';
  try {
    return hasExternalData(new Reader(bytes), bytes.length, 'model', 0)
      ? 'it takes data from another file, which no hash of the manifest covers'
      : undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'it is not an ONNX graph';
    throw error;
  }
}

function hasExternalData(reader: Reader, end: number, type: MessageType, depth: number): boolean {
  if (depth > DEEPEST) throw new RangeError('messages are nested too deep');
  const nested: Readonly<Record<number, MessageType>> = messages[type];
  while (reader.at < end) {
    const tag = reader.varint();
    const field = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType !== 2) {
      const value = reader.scalar(wireType);
      if (type === 'tensor' && field === DATA_LOCATION && value !== 0) return true;
      continue;
    }
    const length = reader.varint();
    const next = reader.at + length;
    if (next > end) throw new RangeError('a field ends behind its message');
    if (type === 'tensor' && field === EXTERNAL_DATA) return true;
    const inner = nested[field];
    if (inner !== undefined && hasExternalData(reader, next, inner, depth + 1)) return true;
    reader.at = next;
  }
  if (reader.at !== end) throw new RangeError('a field ends behind its message');
  return false;
}

/** Reads the parts of a protocol buffer. Throws a `RangeError` where it is none. */
class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1, length = 0; length < 10; length++, shift *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number is too long');
  }

  /** The value of a number, or 1 for one that is skipped. */
  scalar(wireType: number): number {
    if (wireType === 0) return this.varint();
    if (wireType !== 1 && wireType !== 5) throw new RangeError('not a kind of field that ONNX has');
    this.at += wireType === 1 ? 8 : 4;
    return 1;
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError('it ends in the middle of a number');
    return byte;
  }
}
