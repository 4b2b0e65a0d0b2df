import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from '../../../src/training/npy.ts';
import { NpyFile } from '../../../src/training/npy-file.ts';

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

test('an npy file that is written as it is filled has the bytes of the whole array', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-npy-'));
  try {
    // Around the number of elements that are written at once.
    for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const array = Int32Array.from({ length }, (_, at) => at * 7 - 1000);
      const file = new NpyFile(join(folder, `${length}.npy`), (size) => new Int32Array(size));
      for (const value of array) file.push(value);
      expect(file.length).toBe(length);
      file.close();
      const written = await readFile(join(folder, `${length}.npy`));
      expect(written.equals(encodeNpy(array)), `${length} elements`).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
