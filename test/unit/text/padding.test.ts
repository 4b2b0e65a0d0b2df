import { describe, expect, it } from 'vitest';
import { pad } from '../../../src/text/padding.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';

describe('padding', () => {
  it.each([
    ['padding-50', 50],
    ['padding-200', 200],
  ] as const)(
    'padding %s appends the given number of words, the same for the same random numbers',
    (kind, count) => {
      const padded = pad('claim your prize', kind, new SeededRandom(1));
      expect(padded.startsWith('claim your prize ')).toBe(true);
      expect(padded.split(' ')).toHaveLength(3 + count);
      expect(pad('claim your prize', kind, new SeededRandom(1))).toBe(padded);
      expect(pad('claim your prize', kind, new SeededRandom(2))).not.toBe(padded);
    },
  );
});
