import type { Thresholds } from '../../core/decision-policy.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import type { Missing, ModelReport } from '../../core/report-facts.ts';
import { baseModelsOf } from './base-models.ts';
import { calibrationOf } from './calibration.ts';
import { curvesOf } from './curves.ts';
import { histogramOf } from './histogram.ts';
import { bandCounts, ratesOf } from './rates.ts';
import { riskCoverageOf } from './risk-coverage.ts';
import { examplesOf, type MessageFacts, type ModelScores } from './score-for-report.ts';
import { slicesOf } from './slices.ts';

/** What the figures of a report are computed from. */
export interface ModelReportParts {
  readonly version: string;
  readonly thresholds: Thresholds;
  readonly manifest: Pick<ModelManifest, 'members' | 'stages' | 'files'>;
  readonly messages: readonly MessageFacts[];
  readonly scores: ModelScores;
  readonly unscored: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** In [0, 1), of a fixed seed: the same scores give the same bands. */
  readonly random: () => number;
  /** Stands for each figure if there is no labeled message. */
  readonly whyNone: string;
}

export type ModelFigures = Omit<ModelReport, 'obfuscations' | 'falseAccusations' | 'missedSpam' | 'training'>;

/** All figures that scores and labels give. */
export function modelFigures(parts: ModelReportParts): ModelFigures {
  const { version, thresholds, messages, scores, unscored } = parts;
  const examples = examplesOf(messages, scores.probabilities);
  const known = {
    version,
    thresholds: { rejectMin: thresholds.rejectMin, rejectMax: thresholds.rejectMax },
    data: dataSets(messages),
    unscored,
    rates: ratesOf(examples, thresholds),
    bands: bandCounts(examples, thresholds),
  };
  if (examples.length === 0) return { ...known, ...noFigures(parts.whyNone) };
  return {
    ...known,
    ...curvesOf(examples, parts.random),
    calibration: calibrationOf(examples, thresholds),
    riskCoverage: riskCoverageOf(examples, thresholds),
    histogram: histogramOf(examples),
    baseModels: baseModelsOf({
      ...{ manifest: parts.manifest, examples },
      ...{ scores: scores.baseModels, seconds: scores.seconds },
    }),
    slices: slicesOf(examples, thresholds, parts.now),
  };
}

function noFigures(why: string) {
  const missing: Missing = { missing: why };
  return {
    ...{ roc: missing, precisionRecall: missing, calibration: missing, riskCoverage: missing },
    ...{ histogram: missing, baseModels: missing },
    slices: { language: missing, community: missing, length: missing, month: missing },
  };
}

/** In the order in which they were read. */
function dataSets(messages: readonly MessageFacts[]): ModelReport['data'] {
  const sets = new Map<string, { spam: number; ham: number }>();
  for (const { source, label } of messages) {
    const counts = sets.get(source) ?? { spam: 0, ham: 0 };
    counts[label]++;
    sets.set(source, counts);
  }
  return [...sets].map(([name, counts]) => ({ name, ...counts }));
}
