import type { Thresholds } from '../../core/decision-policy.ts';
import type { RiskCoverage } from '../../core/report-facts.ts';
import { bandOf } from '../../decide/reject-option.ts';
import type { ScoredExample } from '../scored-example.ts';
import { thinned } from './curves.ts';

const MOST_POINTS = 500;

/**
 * The share of errors among messages that are decided without a person (risk), by the share that is decided (coverage), after El-Yaniv &
 * Wiener (2010). The most confident messages are decided first, see {@link confidenceOf}; at the two thresholds, those outside of the
 * review band are. `area` is the mean risk over all coverages. There must be one example.
 */
export function riskCoverageOf(examples: readonly ScoredExample[], thresholds: Thresholds): RiskCoverage {
  const middle = (thresholds.rejectMin + thresholds.rejectMax) / 2;
  const sorted = examples
    .map(({ label, probability }) => ({
      confidence: confidenceOf(probability, thresholds),
      wrong: probability > middle !== (label === 'spam'),
    }))
    .sort((one, other) => other.confidence - one.confidence);
  const points: { x: number; y: number }[] = [];
  let wrong = 0;
  let area = 0;
  let decided = 0;
  for (const [at, one] of sorted.entries()) {
    if (one.wrong) wrong++;
    // Messages of one confidence are decided together.
    if (sorted[at + 1]?.confidence === one.confidence) continue;
    const risk = wrong / (at + 1);
    area += (risk * (at + 1 - decided)) / sorted.length;
    decided = at + 1;
    points.push({ x: decided / sorted.length, y: risk });
  }
  return {
    points: thinned(points, MOST_POINTS).map(({ x, y }) => ({ coverage: x, risk: y })),
    area,
    atThresholds: atThresholds(examples, thresholds),
  };
}

/**
 * How far a probability is from the review band: 0 … 1 as a share of what lies between the band and the end of the scale; below zero
 * within the band, the further inside the lower.
 */
export function confidenceOf(probability: number, { rejectMin, rejectMax }: Thresholds): number {
  if (probability <= rejectMin) return rejectMin === 0 ? 1 : (rejectMin - probability) / rejectMin;
  if (probability > rejectMax) return (probability - rejectMax) / (1 - rejectMax);
  const inside = Math.min(probability - rejectMin, rejectMax - probability) / (rejectMax - rejectMin);
  // The band includes its upper end.
  return -Math.max(inside, Number.MIN_VALUE);
}

function atThresholds(
  examples: readonly ScoredExample[],
  thresholds: Thresholds,
): RiskCoverage['atThresholds'] {
  let decided = 0;
  let wrong = 0;
  for (const { label, probability } of examples) {
    const band = bandOf(probability, thresholds);
    if (band === 'review') continue;
    decided++;
    if (band !== label) wrong++;
  }
  return { coverage: decided / examples.length, risk: decided === 0 ? 0 : wrong / decided };
}
