import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BytePart, shownBytes } from '../../../src/core/shown-bytes.ts';

const bytesOf = (parts: readonly BytePart[]) =>
  Buffer.concat(
    parts.map((part) =>
      'text' in part ? Buffer.from(part.text) : Buffer.from(part.hex.replaceAll(' ', ''), 'hex'),
    ),
  );

it('bytes are shown as text where they are UTF-8, and as hex where they are not', () => {
  const bytes = Buffer.concat([
    Buffer.from('naïve 👍 '),
    Buffer.from([0xff, 0xc0, 0x80]),
    Buffer.from('\0\uFEFFend'),
  ]);
  expect(shownBytes(bytes)).toEqual([{ text: 'naïve 👍 ' }, { hex: 'ff c0 80' }, { text: '\0\uFEFFend' }]);
});

it('a character that was cut at the end is left out, and bytes that are no text at all are hex', () => {
  expect(shownBytes(Buffer.from('é👍').subarray(0, 5), true)).toEqual([{ text: 'é' }]);
  expect(shownBytes(Buffer.from('é👍').subarray(0, 5))).toEqual([{ text: 'é' }, { hex: 'f0 9f 91' }]);
  const mixed = Buffer.from('a\xff'.repeat(100), 'latin1');
  expect(shownBytes(mixed)).toEqual([
    {
      hex: 'a\xff'
        .repeat(100)
        .replace(/./g, (c) => `${c.charCodeAt(0).toString(16)} `)
        .trim(),
    },
  ]);
});

it('shown bytes are all of the bytes, and their text is none that a decoder would replace', () => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 12 }), (chunks) => {
      const bytes = Buffer.concat(chunks);
      const parts = shownBytes(bytes);
      expect(bytesOf(parts).equals(bytes)).toBe(true);
      const decoder = new TextDecoder('utf-8', { fatal: true });
      for (const part of parts) if ('text' in part) decoder.decode(Buffer.from(part.text));
    }),
  );
});
