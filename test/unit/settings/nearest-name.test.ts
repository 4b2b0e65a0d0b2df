import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestName } from '../../../src/settings/nearest-name.ts';

const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });

describe('the nearest name', () => {
  it('the nearest name is found with a letter missing, doubled, swapped, or in another case', () => {
    const names = ['maxMessages', 'maxAgeSeconds'];
    for (const given of [
      'maxMesages',
      'maxMesssages',
      'maxMessagse',
      'maxmessages',
      'max_messages',
      'max-messages',
    ])
      expect(nearestName(given, names)).toBe('maxMessages');
  });

  it('the nearest name is undefined if nothing is near', () => {
    expect(nearestName('colour', ['maxMessages', 'threads'])).toBeUndefined();
    expect(nearestName('', [])).toBeUndefined();
  });

  it('the distance of names is zero for equal ones, symmetric, and at most the length of the longer one', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        if (a !== b) expect(editDistance(a, b)).toBeGreaterThan(0);
      }),
    );
  });

  it('the distance of names counts a swap of neighboring letters as one edit', () => {
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});
