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
  return (await readNumbered(text, { sizes, limit })).map(({ line }) => line);
}

async function readNumbered(
  text: string,
  { sizes = [7], limit = 1000 } = {},
): Promise<{ readonly number: number; readonly line: string }[]> {
  const lines: { readonly number: number; readonly line: string }[] = [];
  for await (const some of linesOf(chunked(Buffer.from(text), sizes), limit)) {
    expect(some.length).toBeGreaterThan(0);
    for (const { number, bytes } of some) lines.push({ number, line: Buffer.from(bytes).toString() });
  }
  return lines;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('lines of input', () => {
  it('linesOf returns non-blank lines with their numbers, however the stream is cut into chunks', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀', ' ') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.boolean(),
        async (lines, sizes, ended) => {
          const text = lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
          const expected = text
            .split('\n')
            .map((line, index) => ({ number: index + 1, line }))
            .filter(({ line }) => !/^ *$/.test(line));
          expect(await readNumbered(text, { sizes })).toEqual(expected);
        },
      ),
    );
  });

  it('linesOf removes carriage returns at line ends, and the byte order mark of the file', async () => {
    expect(await read('\ufeffone\r\ntwo\rthree\r\n\ufefffour')).toEqual(['one', 'two\rthree', '\ufefffour']);
  });

  it('linesOf skips lines of any white space', async () => {
    expect(await readNumbered('\n \t\none\r\n\r\n\v\f \n\ntwo\n  ')).toEqual([
      { number: 3, line: 'one' },
      { number: 7, line: 'two' },
    ]);
    expect(await read(`${' '.repeat(50)}\n`, { limit: 10 })).toEqual([' '.repeat(11)]);
  });

  it('linesOf cuts a line one byte above the limit, and returns the next one completely', async () => {
    expect(await read(`${'x'.repeat(500)}\nnext\n${'y'.repeat(10)}`, { limit: 10 })).toEqual([
      'x'.repeat(11),
      'next',
      'y'.repeat(10),
    ]);
  });

  it('linesOf holds at most the limit of a line without an end in memory', async () => {
    const chunk = Buffer.alloc(1_000_000, 'x');
    async function* endless() {
      for (let i = 0; i < 100; i++) yield chunk;
    }
    const [lines] = await all(linesOf(endless(), 100));
    expect(lines!.map(({ bytes }) => bytes.length)).toEqual([101]);
    expect(lines![0]!.bytes.buffer.byteLength).toBeLessThan(100_000);
  });
});
