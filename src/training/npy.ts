/** Element types of the arrays that the trainer reads, by their name in an npy header. */
const DTYPES = [
  ['<i4', Int32Array],
  ['<f4', Float32Array],
  ['|i1', Int8Array],
] as const;

export type NpyArray = Int32Array | Float32Array | Int8Array;

/** A one-dimensional array in NumPy's file format, version 1.0. */
export function encodeNpy(array: NpyArray): Uint8Array {
  const header = encodeNpyHeader(array, array.length);
  return Buffer.concat([header, Buffer.from(array.buffer, array.byteOffset, array.byteLength)]);
}

/** The header of a file with `length` elements of the array's type; 128 bytes whatever the length is. */
export function encodeNpyHeader(array: NpyArray, length: number): Uint8Array {
  const dtype = DTYPES.find(([, type]) => array instanceof type)![0];
  const facts = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${length},), }`;
  // Magic, version and length take 10 bytes; the whole header is padded to 64 and ends in a newline.
  const padded = `${facts.padEnd(Math.ceil((facts.length + 11) / 64) * 64 - 11)}\n`;
  const header = Buffer.alloc(10 + padded.length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  header.writeUInt16LE(padded.length, 8);
  header.write(padded, 10, 'latin1');
  return header;
}

/** Reads a little-endian array of int32, float32 or float64, of any shape, row by row. Throws on another kind. */
export function decodeNpy(bytes: Uint8Array): {
  readonly shape: readonly number[];
  readonly values: Float64Array;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, 10 + headerLength)).toString('latin1');
  const dtype = /'descr': '([^']+)'/.exec(header)?.[1] ?? '';
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1));
  const start = 10 + headerLength;
  for (let i = 0; i < values.length; i++) {
    switch (dtype) {
      case '<f8':
        values[i] = view.getFloat64(start + i * 8, true);
        break;
      case '<f4':
        values[i] = view.getFloat32(start + i * 4, true);
        break;
      case '<i4':
        values[i] = view.getInt32(start + i * 4, true);
        break;
      default:
        throw new TypeError(`npy files of type "${dtype}" are not read`);
    }
  }
  return { shape, values };
}
