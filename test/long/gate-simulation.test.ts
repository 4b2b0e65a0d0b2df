import { describe, expect, it } from 'vitest';
import { gateSimulation } from '../../bench/harness/gate-cases.ts';
import { simulateGate } from '../../bench/harness/gate-simulation.ts';
import { documentSettings, soundSettings } from '../unit/learning/gate-examples.ts';

const RUNS = 2000;
const MINUTES = 20 * 60_000;

describe.each([2000, 4000, 10_000])('2,000 simulated retrainings, compared on %i messages', (messages) => {
  const cases = gateSimulation(messages);

  it(
    'gate sound promotes at most 6 % of challengers that differ by chance alone, document about a quarter',
    () => {
      expect(simulateGate(cases.same, soundSettings, RUNS).promoted).toBeLessThanOrEqual(0.06);
      const byDocument = simulateGate(cases.same, documentSettings, RUNS, 0).promoted;
      expect(byDocument).toBeGreaterThan(0.15);
      expect(byDocument).toBeLessThan(0.35);
    },
    MINUTES,
  );

  it(
    'gate sound promotes at least 80 % of challengers that miss half as much spam',
    () => {
      expect(simulateGate(cases.halfMissed, soundSettings, RUNS).promoted).toBeGreaterThanOrEqual(0.8);
    },
    MINUTES,
  );

  it(
    'gate sound promotes at most 5 % of challengers that are worse by exactly a margin',
    () => {
      for (const each of [cases.atMargin, cases.lessFound])
        expect(simulateGate(each, soundSettings, RUNS).promoted).toBeLessThanOrEqual(0.05);
    },
    MINUTES,
  );
});
