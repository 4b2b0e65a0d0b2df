import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle, settleEnd } from '../../../src/text/character-roles.ts';

const bases = fc.oneof(
  fc.constantFrom('ﷺ', '㌅', 'é', 'ﬁ', '각', 'ᄒ', 'के', 'ä', '½', '𝓶', 'ϲ', '가ᄀ'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
);
const hanging = fc
  .array(
    fc.constantFrom('\u0301', '\u0308', '\u0327', '\u05b0', '\u064b', '\u093f', '\u3099', '\u1161', '\u11a8'),
    { minLength: 1, maxLength: 4 },
  )
  .map((marks) => marks.join(''));

describe('settleEnd', () => {
  it('settles what hangs on the last character as settling the whole text would', () => {
    fc.assert(
      fc.property(bases, hanging, (base, marks) => {
        const settled = settle(base);
        expect(settleEnd(settled + marks, settled.length)).toBe(settle(settled + marks));
      }),
      { numRuns: 2_000 },
    );
  });
});
