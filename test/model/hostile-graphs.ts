/** A field of a protocol buffer: a message, bytes or text, or a number. */
function field(number: number, content: Uint8Array | string | number): Buffer {
  if (typeof content === 'number') return Buffer.concat([varint(number * 8), varint(content)]);
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** Element types of `onnx.proto`. */
const types = { float: 1, int64: 7, bool: 9 } as const;
type Element = keyof typeof types;

/** A constant that is an input of no one. */
function constant(name: string, element: Element, dims: readonly number[], data: Uint8Array): Buffer {
  const fields = dims.map((dim) => field(1, dim));
  return field(5, Buffer.concat([...fields, field(2, types[element]), field(8, name), field(9, data)]));
}

function scalar(number: 11 | 12, name: string, element: Element): Buffer {
  const tensor = field(1, Buffer.concat([field(1, types[element]), field(2, Buffer.alloc(0))]));
  return field(number, Buffer.concat([field(1, name), field(2, tensor)]));
}

function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attribute: Buffer = Buffer.alloc(0),
): Buffer {
  const names = [...inputs.map((name) => field(1, name)), ...outputs.map((name) => field(2, name))];
  return field(1, Buffer.concat([...names, field(3, `node of ${outputs[0]}`), field(4, type), attribute]));
}

const int64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
};
const more = (...parts: readonly Buffer[]) => field(7, Buffer.concat(parts));

/*
 * Bytes to be appended to those of a graph: a message of a protocol buffer that comes twice is merged. The graph answers as before,
 * once it is done.
 */

/** Has one more constant, of so many numbers, that is computed while the graph is loaded. */
export function withAllocation(floats: number): Buffer {
  return more(
    constant('hostile_shape', 'int64', [1], int64(BigInt(floats))),
    node('ConstantOfShape', ['hostile_shape'], ['hostile_zeros']),
    node('ReduceSum', ['hostile_zeros'], ['hostile_sum'], keepDims),
    scalar(12, 'hostile_sum', 'float'),
  );
}
const keepDims = field(5, Buffer.concat([field(1, 'keepdims'), field(3, 0), field(20, 2)]));

/** Counts at each run. To 2^62 it takes longer than anybody waits. */
export function withLoop(rounds: bigint): Buffer {
  const body = Buffer.concat([
    node('Identity', ['c_in'], ['c_out']),
    node('Identity', ['v_in'], ['v_out']),
    field(2, 'body'),
    ...[scalar(11, 'i', 'int64'), scalar(11, 'c_in', 'bool'), scalar(11, 'v_in', 'float')],
    ...[scalar(12, 'c_out', 'bool'), scalar(12, 'v_out', 'float')],
  ]);
  return more(
    constant('hostile_count', 'int64', [], int64(rounds)),
    constant('hostile_true', 'bool', [], Buffer.from([1])),
    constant('hostile_start', 'float', [], Buffer.alloc(4)),
    node(
      'Loop',
      ['hostile_count', 'hostile_true', 'hostile_start'],
      ['hostile_end'],
      field(5, Buffer.concat([field(1, 'body'), field(6, body), field(20, 5)])),
    ),
    scalar(12, 'hostile_end', 'float'),
  );
}
