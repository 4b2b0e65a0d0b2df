import { describe, expect, it } from 'vitest';
import {
  alarmsAtTheLimit,
  BATCH,
  change,
  changeByRate,
  mean,
  most,
  rule,
  runs,
  usual,
} from './simulated-models.ts';

describe('the guard of a new model, simulated', () => {
  it.each([
    [0.01, BATCH],
    [0.13, BATCH],
    [0.13, 4096],
    [0.3, BATCH],
  ])(
    'a model that calls a twentieth of all ham spam publishes fewer than 20 wrong verdicts: share of spam %d, batches of %d',
    (spamShare, batch) => {
      const all = runs(10, (seed) => change(seed, usual, { spamShare, batch, planted: 0.05 }));
      expect(all.map(({ state }) => state)).toEqual(all.map(() => 'tripped'));
      expect(most(all.map(({ wrong }) => wrong))).toBeLessThan(20);
    },
  );

  it('a model that halves the missed spam passes, and few of its verdicts are held back', () => {
    const all = runs(3, (seed) => change(seed, better, { messages: rule.messages }));
    expect(all.map(({ state }) => state)).toEqual(all.map(() => 'passed'));
    expect(most(all.map(({ held }) => held))).toBeLessThan(rule.messages / 50);
  });

  it('a model that is as good but errs on other messages passes', () => {
    const all = runs(3, (seed) => change(seed, usual, { messages: rule.messages, isIndependent: true }));
    expect(all.map(({ state }) => state)).toEqual(all.map(() => 'passed'));
  });

  it('false alarms are rarer than stated, for a model at the very limit that it may depart by', () => {
    expect(alarmsAtTheLimit(100, 20_000, 0.05)).toBeLessThanOrEqual(5);
  });

  it('a test of the share alone would publish more wrong verdicts than that, and take a campaign for a bad model', () => {
    const planted = runs(20, (seed) => changeByRate(seed, 0.13, 0.13, 0.05));
    expect(mean(planted.map(({ wrong }) => wrong))).toBeGreaterThan(20);
    const campaign = runs(20, (seed) => changeByRate(seed, 0.13, 0.18, 0));
    expect(campaign.filter(({ state }) => state === 'tripped').length).toBeGreaterThan(10);
  });
});

const better = { ...usual, spamAsSpam: 0.95, spamAsReview: 0.02, hamAsSpam: 0.0003 };
