import { describe, expect, it } from 'vitest';
import { gateSimulation } from '../../../bench/harness/gate-cases.ts';
import { promotedShare } from '../../../bench/harness/gate-simulation.ts';
import { documentSettings, soundSettings } from './gate-examples.ts';

/** Small: 200 retrainings of each case, with a fifth of the obfuscations; test/long has 2,000 with all of them. */
const RUNS = 200;
const KINDS = 8;

describe('simulated retrainings', () => {
  it('gate sound promotes at most 6 % of challengers that differ from the champion by chance alone, document about a quarter', () => {
    const { same } = gateSimulation(4000);
    expect(promotedShare(same, soundSettings, RUNS, KINDS)).toBeLessThanOrEqual(0.06);
    const byDocument = promotedShare(same, documentSettings, RUNS, 0);
    expect(byDocument).toBeGreaterThan(0.15);
    expect(byDocument).toBeLessThan(0.4);
  });

  it('gate sound promotes at least 80 % of challengers that miss half as much spam', () => {
    expect(promotedShare(gateSimulation(4000).halfMissed, soundSettings, RUNS, KINDS)).toBeGreaterThanOrEqual(
      0.8,
    );
  });

  it('gate sound promotes at most 5 % of challengers that are worse by exactly the margin in false positives', () => {
    expect(promotedShare(gateSimulation(4000).atMargin, soundSettings, RUNS, KINDS)).toBeLessThanOrEqual(
      0.05,
    );
  });
});
