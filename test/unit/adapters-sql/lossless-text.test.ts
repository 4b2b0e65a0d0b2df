import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoredText, storableText } from '../../../src/adapters/sql/lossless-text.ts';

/** Any sequence of UTF-16 code units, with many of those that matter. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('d', '8', '0', 'f', '\ufdd0', '\ufffd', '\ud800', '\udfff'),
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  ),
});

describe('storableText', () => {
  it('storableText turns any text into one that UTF-8 can represent, and restoredText restores it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = storableText(text);
        expect(Buffer.from(stored).toString()).toBe(stored);
        expect(restoredText(stored)).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['', 'plain', 'ünïcode', '😀 pairs', 'a\0b', '\ufffd', 'd800', '\ufeffa'])(
    'storableText and restoredText leave %j as it is',
    (text) => {
      expect(storableText(text)).toBe(text);
      expect(restoredText(text)).toBe(text);
    },
  );

  it('restoredText leaves the mark of an escape as it is, unless digits follow it', () => {
    expect(restoredText('a\ufdd0b')).toBe('a\ufdd0b');
  });
});
