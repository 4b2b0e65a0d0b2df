import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from '../../../src/training/npy.ts';

test('an npy array is read as it was written, and its data starts at a multiple of 64 bytes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.int32Array(), fc.float32Array({ noNaN: true })), (array) => {
      const bytes = encodeNpy(array);
      const { shape, values } = decodeNpy(bytes);
      expect(shape).toEqual([array.length]);
      expect(Array.from(values)).toEqual(Array.from(array));
      expect((bytes.length - array.byteLength) % 64).toBe(0);
    }),
  );
});

test('an npy array of a view of a larger buffer contains only the view', () => {
  const { values } = decodeNpy(encodeNpy(new Int32Array([1, 2, 3, 4]).subarray(1, 3)));
  expect(Array.from(values)).toEqual([2, 3]);
});
