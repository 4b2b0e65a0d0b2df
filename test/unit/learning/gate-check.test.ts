import { describe, expect, it } from 'vitest';
import { type AskedCheck, neededInAll, pText } from '../../../src/learning/gates/gate-check.ts';

const asked = (group: string, spam: number, ham: number): AskedCheck => ({
  check: { name: `any.${group}`, passed: null, text: '', figures: {} },
  missing: { spam, ham },
  group,
});

describe('how many messages are needed', () => {
  it('neededInAll adds what old and new messages lack, and takes the most that another group lacks', () => {
    const have = { spam: 100, ham: 1000 };
    expect(neededInAll(have, [asked('old', 30, 0), asked('old', 20, 5), asked('new', 50, 0)])).toEqual({
      spam: 180,
      ham: 1005,
    });
    expect(neededInAll(have, [asked('old', 30, 0), asked('all', 60, 0), asked('language.de', 0, 7)])).toEqual(
      {
        spam: 160,
        ham: 1007,
      },
    );
    expect(neededInAll(have, [{ ...asked('all', 0, 0), missing: null }])).toBeNull();
  });

  it('pText does not print a small probability as zero', () => {
    expect(pText(0.04567)).toBe('p = 0.0457');
    expect(pText(0.00001)).toBe('p < 0.0001');
  });
});
