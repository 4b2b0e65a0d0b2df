import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf, policyFor } from '../../../src/decide/reject-option.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('the reject option', () => {
  it('the reject option assigns a probability that equals a threshold to the lower band', () => {
    const limits = { rejectMin: 0.5, rejectMax: 0.7 };
    expect(bandOf(0.5, limits)).toBe('ham');
    expect(bandOf(0.5 + Number.EPSILON, limits)).toBe('review');
    expect(bandOf(0.7, limits)).toBe('review');
    expect(bandOf(0.7 + Number.EPSILON, limits)).toBe('spam');
  });

  it('the reject option never lowers the band when the probability rises', () => {
    const order = ['ham', 'review', 'spam'];
    fc.assert(
      fc.property(probability, probability, probability, probability, (p, q, a, b) => {
        const limits = { rejectMin: Math.min(a, b), rejectMax: Math.max(a, b) };
        const [low, high] = p <= q ? [p, q] : [q, p];
        expect(order.indexOf(bandOf(low, limits))).toBeLessThanOrEqual(order.indexOf(bandOf(high, limits)));
      }),
    );
  });

  it('the reject option sends nothing to review if both thresholds are equal', () => {
    fc.assert(
      fc.property(probability, probability, (p, limit) => {
        expect(bandOf(p, { rejectMin: limit, rejectMax: limit })).not.toBe('review');
      }),
    );
  });
});

describe('the policy for a community', () => {
  const policy = {
    default: { rejectMin: 0.5, rejectMax: 0.7 },
    communities: { strict: { rejectMin: 0.2, rejectMax: 0.4, language: 'de' } },
    exactScores: 'notHam',
    maxMessageBytes: 65_536,
  } as const;

  it('the policy for a community is its own if it has one, and otherwise the default', () => {
    expect(policyFor(policy, 'strict').rejectMin).toBe(0.2);
    expect(policyFor(policy, 'other').rejectMin).toBe(0.5);
  });

  it('the policy for a community that is named like a property of every object is the default', () => {
    expect(policyFor(policy, 'constructor')).toBe(policy.default);
    expect(policyFor(policy, '__proto__')).toBe(policy.default);
  });
});
