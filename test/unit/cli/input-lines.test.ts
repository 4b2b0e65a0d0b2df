import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../src/cli/input-lines.ts';

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(text: string, { sizes = [7], limit = 1000 } = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const some of linesOf(chunked(Buffer.from(text), sizes), limit))
    for (const { number, bytes } of some) {
      expect(number).toBe(lines.length + 1);
      lines.push(Buffer.from(bytes).toString());
    }
  return lines;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('lines of input', () => {
  it('are the same however the stream is cut into chunks', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀', ' ') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.boolean(),
        async (lines, sizes, ended) => {
          const text = lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
          const expected = text.split('\n');
          // What follows the last line break is a line only when there is something.
          if (expected.at(-1) === '') expected.pop();
          expect(await read(text, { sizes })).toEqual(expected);
        },
      ),
    );
  });

  it('lose carriage returns at their end and the byte order mark of the file', async () => {
    expect(await read('\ufeffone\r\ntwo\rthree\r\n\ufefffour')).toEqual(['one', 'two\rthree', '\ufefffour']);
  });

  it('are cut one byte above the limit, and the next one is whole', async () => {
    expect(await read(`${'x'.repeat(500)}\nnext\n${'y'.repeat(10)}`, { limit: 10 })).toEqual([
      'x'.repeat(11),
      'next',
      'y'.repeat(10),
    ]);
  });

  it('hold no more than the limit of a line without end', async () => {
    const chunk = Buffer.alloc(1_000_000, 'x');
    async function* endless() {
      for (let i = 0; i < 100; i++) yield chunk;
    }
    const [lines] = await all(linesOf(endless(), 100));
    expect(lines!.map(({ bytes }) => bytes.length)).toEqual([101]);
    expect(lines![0]!.bytes.buffer.byteLength).toBeLessThan(100_000);
  });
});
