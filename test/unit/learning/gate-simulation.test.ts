import { describe, expect, it } from 'vitest';
import { gateSimulation } from '../../../bench/harness/gate-cases.ts';
import { simulateGates } from '../../../bench/harness/gate-simulation.ts';
import { soundSettings } from './gate-examples.ts';

/** Small: 150 retrainings of each case, with few of the obfuscations; test/long has 2,000 with all of them. */
const RUNS = 150;
const KINDS = 4;

describe('simulated retrainings', () => {
  it('gate sound promotes at most 6 % of challengers that differ from the champion by chance alone, document about a quarter', () => {
    const answers = simulateGates(gateSimulation(2000).same, soundSettings, RUNS, KINDS);
    expect(answers.promoted).toBeLessThanOrEqual(0.06);
    expect(answers.promotedByDocument).toBeGreaterThan(0.15);
    expect(answers.promotedByDocument).toBeLessThan(0.4);
  });

  it('gate sound promotes at least 80 % of challengers that miss half as much spam', () => {
    expect(
      simulateGates(gateSimulation(2000).halfMissed, soundSettings, RUNS, KINDS).promoted,
    ).toBeGreaterThanOrEqual(0.8);
  });

  it('gate sound promotes at most 5 % of challengers that are worse by exactly the margin in false positives', () => {
    expect(
      simulateGates(gateSimulation(4000).atMargin, soundSettings, 2 * RUNS, 0).promoted,
    ).toBeLessThanOrEqual(0.05);
  });
});
