import type { Thresholds } from '../core/decision-policy.ts';
import { bandOf } from '../decide/reject-option.ts';
import type { LabeledScore } from '../ports/labeled-scores.ts';
import type { ScoreSourceAnswer, scoreSources } from './threshold-schemas.ts';

type ScoreSource = (typeof scoreSources)[number];

const STEPS = 1000;

/** Scores between limits that include every thousandth and the current thresholds, so that sliding needs no request. */
export function sourceOf(
  source: ScoreSource,
  scores: readonly LabeledScore[],
  current: Thresholds,
): ScoreSourceAnswer {
  const own = ofSource(source, scores);
  const bins = new Map<number, { spam: number; ham: number }>();
  for (const { label, probability, inclusionProbability } of own) {
    const at = limitOf(probability, [current.rejectMin, current.rejectMax]);
    const bin = bins.get(at) ?? { spam: 0, ham: 0 };
    bin[label] += source === 'audit' ? 1 / (inclusionProbability ?? 1) : 1;
    bins.set(at, bin);
  }
  const spam = own.filter(({ label }) => label === 'spam').length;
  return {
    ...{ source, spam, ham: own.length - spam },
    bins: [...bins].map(([at, counts]) => ({ at, ...counts })).toSorted((a, b) => a.at - b.at),
  };
}

/** The messages whose verdict other thresholds change: those that become errors first, and then the highest probabilities. */
export function changedScores(
  source: ScoreSource,
  scores: readonly LabeledScore[],
  before: Thresholds,
  after: Thresholds,
): readonly LabeledScore[] {
  const isNewError = ({ label, probability }: LabeledScore) => {
    const band = bandOf(probability, after);
    return band !== 'review' && band !== label;
  };
  return ofSource(source, scores)
    .filter(({ probability }) => bandOf(probability, before) !== bandOf(probability, after))
    .toSorted((a, b) => Number(isNewError(b)) - Number(isNewError(a)) || b.probability - a.probability);
}

function ofSource(source: ScoreSource, scores: readonly LabeledScore[]): readonly LabeledScore[] {
  return scores.filter(({ origin }) => (origin === 'audit') === (source === 'audit'));
}

/** The smallest limit that the probability is not above: its band is the same as that of the limit. */
function limitOf(probability: number, own: readonly number[]): number {
  let step = Math.ceil(probability * STEPS);
  // Multiplication rounds.
  if ((step - 1) / STEPS >= probability) step--;
  else if (step / STEPS < probability) step++;
  return Math.min(step / STEPS, ...own.filter((limit) => limit >= probability));
}
