/**
 * Reads weights and trees out of an ONNX file. Only what the trainer's graphs contain is read; see
 * `native-models/sluice_trainer/graphs.py` and `tree_graphs.py`. Field numbers are those of `onnx.proto`.
 */

export interface OnnxTensor {
  readonly dims: readonly number[];
  /** Empty for a tensor of another type than float32. */
  readonly floats: Float32Array;
}

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Lists of numbers, by name. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
  readonly strings: ReadonlyMap<string, readonly string[]>;
}

export interface OnnxFile {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
}

const FLOAT = 1;
const text = new TextDecoder();

/** A field of a message: a number as it is written, or bytes. */
type Field = { readonly number: number; readonly value: number; readonly bytes: Uint8Array | null };

/** Throws a `RangeError` if the bytes are not a protocol buffer. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const nodes: OnnxNode[] = [];
  const tensors = new Map<string, OnnxTensor>();
  for (const { number, bytes: graph } of fields(bytes)) {
    if (number !== 7 || graph === null) continue;
    for (const { number: part, bytes: content } of fields(graph)) {
      if (content === null) continue;
      if (part === 1) nodes.push(nodeOf(content));
      if (part === 5) {
        const { name, tensor } = tensorOf(content);
        tensors.set(name, tensor);
      }
    }
  }
  return { nodes, tensors };
}

function nodeOf(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const numbers = new Map<string, number[]>();
  const strings = new Map<string, string[]>();
  let operator = '';
  for (const { number, bytes: content } of fields(bytes)) {
    if (content === null) continue;
    if (number === 1) inputs.push(text.decode(content));
    else if (number === 2) outputs.push(text.decode(content));
    else if (number === 4) operator = text.decode(content);
    else if (number === 5) readAttribute(content, numbers, strings);
  }
  return { operator, inputs, outputs, numbers, strings };
}

function readAttribute(
  bytes: Uint8Array,
  numbers: Map<string, number[]>,
  strings: Map<string, string[]>,
): void {
  let name = '';
  const values: number[] = [];
  const texts: string[] = [];
  for (const { number, value, bytes: content } of fields(bytes)) {
    if (number === 1 && content !== null) name = text.decode(content);
    else if (number === 2) values.push(floatOf(value));
    else if (number === 3) values.push(value);
    else if (number === 7) values.push(...(content === null ? [floatOf(value)] : floatsOf(content)));
    else if (number === 8) {
      if (content === null) values.push(value);
      else pushVarints(content, values);
    } else if ((number === 4 || number === 9) && content !== null) texts.push(text.decode(content));
  }
  numbers.set(name, values);
  strings.set(name, texts);
}

function tensorOf(bytes: Uint8Array): { readonly name: string; readonly tensor: OnnxTensor } {
  let name = '';
  let type = 0;
  const dims: number[] = [];
  let floats = new Float32Array(0);
  for (const { number, value, bytes: content } of fields(bytes)) {
    if (number === 1) {
      if (content === null) dims.push(value);
      else pushVarints(content, dims);
    } else if (number === 2) type = value;
    else if (number === 8 && content !== null) name = text.decode(content);
    else if ((number === 9 || number === 4) && content !== null && type === FLOAT) floats = floatsOf(content);
  }
  return { name, tensor: { dims, floats } };
}

function* fields(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { at: 0 };
  while (reader.at < bytes.length) {
    const tag = varint(bytes, reader);
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === 0) {
      yield { number, value: varint(bytes, reader), bytes: null };
    } else if (type === 5 && reader.at + 4 <= bytes.length) {
      // As bits: only a field that is a float is read as one.
      yield { number, value: view.getUint32(reader.at, true), bytes: null };
      reader.at += 4;
    } else if (type === 2) {
      const length = varint(bytes, reader);
      const end = reader.at + length;
      if (end > bytes.length) throw new RangeError('a field ends behind its message');
      yield { number, value: 0, bytes: bytes.subarray(reader.at, end) };
      reader.at = end;
    } else if (type === 1) {
      reader.at += 8;
    } else throw new RangeError('not a kind of field that ONNX has');
  }
}

/** Numbers below zero, which no field has that is read here, come out too large. */
function varint(bytes: Uint8Array, reader: { at: number }): number {
  let value = 0;
  for (let shift = 1, length = 0; length < 10; length++, shift *= 128) {
    const byte = bytes[reader.at++];
    if (byte === undefined) throw new RangeError('it ends in the middle of a number');
    value += (byte & 0x7f) * shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('a number is too long');
}

function pushVarints(bytes: Uint8Array, values: number[]): void {
  const reader = { at: 0 };
  while (reader.at < bytes.length) values.push(varint(bytes, reader));
}

const cell = new DataView(new ArrayBuffer(4));

function floatOf(bits: number): number {
  cell.setUint32(0, bits);
  return cell.getFloat32(0);
}

function floatsOf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = new Float32Array(bytes.length >> 2);
  for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat32(4 * i, true);
  return floats;
}
