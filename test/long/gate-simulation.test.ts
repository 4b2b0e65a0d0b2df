import { describe, expect, it } from 'vitest';
import { gateSimulation } from '../../bench/harness/gate-cases.ts';
import { simulateGates } from '../../bench/harness/gate-simulation.ts';
import { soundSettings } from '../unit/learning/gate-examples.ts';

const RUNS = 2000;
const LONGEST = 20 * 60_000;

describe.each([2000, 4000, 10_000])('2,000 simulated retrainings, compared on %i messages', (messages) => {
  const cases = gateSimulation(messages);

  it(
    'gate sound promotes at most 6 % of challengers that differ by chance alone, document about a quarter',
    () => {
      const answers = simulateGates(cases.same, soundSettings, RUNS);
      expect(answers.promoted).toBeLessThanOrEqual(0.06);
      expect(answers.promotedByDocument).toBeGreaterThan(0.15);
      expect(answers.promotedByDocument).toBeLessThan(0.38);
    },
    LONGEST,
  );

  it(
    'gate sound promotes at least 80 % of challengers that miss half as much spam',
    () => {
      expect(simulateGates(cases.halfMissed, soundSettings, RUNS).promoted).toBeGreaterThanOrEqual(0.8);
    },
    LONGEST,
  );

  it(
    'gate sound promotes at most 5 % of challengers that are worse by exactly a margin',
    () => {
      for (const each of [cases.atMargin, cases.lessFound])
        expect(simulateGates(each, soundSettings, RUNS).promoted).toBeLessThanOrEqual(0.05);
    },
    LONGEST,
  );
});
