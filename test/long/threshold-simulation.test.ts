import { describe, expect, it } from 'vitest';
import { limitedThreshold, type RateLimit } from '../../src/evaluation/thresholds/limited-threshold.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';

interface Population {
  readonly name: string;
  /** A ham message's probability, from a uniform number. */
  readonly draw: (uniform: number) => number;
  /** Share of ham above a threshold. */
  readonly above: (threshold: number) => number;
}

const powerOf = (power: number): Population => ({
  name: `uniform to the ${power}`,
  draw: (uniform) => uniform ** power,
  above: (threshold) => 1 - threshold ** (1 / power),
});
/** All probabilities are one of few, so that thresholds tie. */
const ties: Population = {
  name: 'five values',
  draw: (uniform) =>
    uniform < 0.97 ? 0.1 : uniform < 0.989 ? 0.5 : uniform < 0.9985 ? 0.7 : uniform < 0.9993 ? 0.9 : 0.99,
  above: (threshold) =>
    threshold < 0.1
      ? 1
      : threshold < 0.5
        ? 0.03
        : threshold < 0.7
          ? 0.011
          : threshold < 0.9
            ? 0.0015
            : threshold < 0.99
              ? 0.0007
              : 0,
};

const cases: readonly (readonly [Population, number, RateLimit])[] = [
  [powerOf(60), 5000, { maxRate: 0.001, confidence: 0.95 }],
  [powerOf(8), 1000, { maxRate: 0.01, confidence: 0.95 }],
  [powerOf(8), 1000, { maxRate: 0.01, confidence: 0.8 }],
  [ties, 5000, { maxRate: 0.001, confidence: 0.95 }],
  [ties, 1500, { maxRate: 0.01, confidence: 0.95 }],
];
const SAMPLES = 4000;

describe('the threshold for a limit of the false positive rate', () => {
  it.each(cases)(
    'breaks its limit in no more samples than stated: %o',
    (population, messages, limit) => {
      const random = new SeededRandom(18);
      let broken = 0;
      let none = 0;
      for (let sample = 0; sample < SAMPLES; sample++) {
        const ham = Float64Array.from({ length: messages }, () => population.draw(random.next())).sort();
        const result = limitedThreshold({ ham }, limit);
        if (result.kind !== 'found') none++;
        else if (population.above(result.threshold) > limit.maxRate) broken++;
      }
      const share = (count: number) => `${((100 * count) / SAMPLES).toFixed(2)} %`;
      process.stdout.write(
        `| ${population.name} | ${messages} | ${100 * limit.maxRate} % | ${100 * limit.confidence} % | ${share(broken)} | ${share(none)} |\n`,
      );
      const level = 1 - limit.confidence;
      expect(broken / SAMPLES).toBeLessThanOrEqual(level + 3 * Math.sqrt((level * (1 - level)) / SAMPLES));
    },
    600_000,
  );
});
