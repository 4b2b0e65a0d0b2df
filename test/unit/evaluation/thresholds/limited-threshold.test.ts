import { describe, expect, it } from 'vitest';
import { limitedThreshold, messagesNeeded } from '../../../../src/evaluation/thresholds/limited-threshold.ts';
import { thresholdGrid } from '../../../../src/evaluation/thresholds/threshold-grid.ts';

const limit = { maxRate: 0.001, confidence: 0.95 };
const hamAt = (...probabilities: readonly number[]) => ({ ham: Float64Array.from(probabilities).sort() });
const clean = (messages: number) => new Array<number>(messages).fill(0);

/** Xorshift, so that each run draws the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

describe('the threshold for a limit of the false positive rate', () => {
  it('needs 2,995 clean ham for 0.1 % at 95 %, refuses fewer, and says how many', () => {
    expect(messagesNeeded(limit)).toBe(2995);
    expect(limitedThreshold(hamAt(...clean(2994)), limit)).toEqual({
      kind: 'too-few',
      ham: 2994,
      needed: 2995,
    });
    expect(limitedThreshold(hamAt(), limit)).toMatchObject({ kind: 'too-few', ham: 0 });
    expect(limitedThreshold(hamAt(...clean(2995)), limit)).toMatchObject({ kind: 'found', threshold: 0 });
  });

  it('ends at the first threshold that is not shown to keep the limit, though a lower one may look as if it did', () => {
    // One false positive of 2,995 is one too many, wherever it is.
    expect(limitedThreshold(hamAt(0.805, ...clean(2994)), limit)).toMatchObject({
      threshold: 0.81,
      falsePositives: 0,
    });
    expect(limitedThreshold(hamAt(0.99995, ...clean(2994)), limit)).toMatchObject({
      kind: 'none',
      strictest: 0.9999,
      falsePositives: 1,
    });
    // 4,742 allow for one: ties are all above a threshold, or none of them.
    expect(limitedThreshold(hamAt(0.5, ...clean(4742)), limit)).toMatchObject({
      threshold: 0,
      falsePositives: 1,
    });
    expect(limitedThreshold(hamAt(0.5, 0.5, ...clean(4742)), limit)).toMatchObject({
      threshold: 0.5,
      falsePositives: 0,
    });
  });

  it('counts a message whose probability is exactly a threshold as not above it', () => {
    expect(limitedThreshold(hamAt(0.7, ...clean(2994)), limit)).toMatchObject({ threshold: 0.7 });
    expect(limitedThreshold(hamAt(0.7000001, ...clean(2994)), limit)).toMatchObject({ threshold: 0.71 });
  });

  it('has a grid that ascends from 0 to 1 and does not repeat itself', () => {
    expect(thresholdGrid).toEqual([...new Set(thresholdGrid)].toSorted((a, b) => a - b));
    expect([thresholdGrid[0], thresholdGrid.at(-1)]).toEqual([0, 1]);
  });

  it('breaks its limit in at most 5 % of samples from a known population', () => {
    // Ham with the distribution function p^(1/8): the false positive rate at a threshold t is 1 − t^(1/8).
    const chance = random(18);
    const wide = { maxRate: 0.02, confidence: 0.95 };
    const samples = 1000;
    let broken = 0;
    let found = 0;
    for (let sample = 0; sample < samples; sample++) {
      const ham = Float64Array.from({ length: 400 }, () => chance() ** 8).sort();
      const result = limitedThreshold({ ham }, wide);
      if (result.kind !== 'found') continue;
      found++;
      if (1 - result.threshold ** (1 / 8) > wide.maxRate) broken++;
    }
    // Three standard errors of 1,000 samples at 5 %.
    expect(broken).toBeLessThanOrEqual(samples * 0.05 + 3 * Math.sqrt(samples * 0.05 * 0.95));
    // Not by refusing.
    expect(found).toBeGreaterThan(samples / 2);
    expect(broken).toBeGreaterThan(0);
  });
});
