import { PrometheusTelemetry } from '../../../src/adapters/prometheus/prometheus-telemetry.ts';
import type { DriftFigure, DriftFigures } from '../../../src/core/drift-figures.ts';
import { noGuardCounts } from '../../../src/core/guard-counts.ts';
import { type AuditReport, auditGroupKinds } from '../../../src/core/report-facts.ts';
import { retrainStates } from '../../../src/core/retrain-run.ts';
import type { BatchStatistics } from '../../../src/core/scored-batch.ts';
import { verdictNames } from '../../../src/core/verdict.ts';
import type { Health } from '../../../src/ports/telemetry.ts';

const build = { version: '0.1.0', revision: 'abc', node: 'v20.20.0' };

export function telemetry(processMetrics = false): PrometheusTelemetry {
  return new PrometheusTelemetry({ build, processMetrics, now: () => 1_700_000_000_000 });
}

/** Of a daemon that is well, with changes. */
export function health(changes: Partial<Health> = {}): Health {
  return {
    membership: undefined,
    partitions: undefined,
    lagAgeSeconds: 3,
    commitsFailingSeconds: 0,
    sinkWaitSeconds: { verdicts: 0, reviews: 0, 'dead-letters': 0, trace: 0, refused: 0 },
    memory: { usedBytes: 1000, limitBytes: 4000 },
    ...changes,
  };
}

export function driftFigures(change: Partial<DriftFigure> = {}): DriftFigures {
  const usual: DriftFigure = {
    ...{ state: 'watching', baseline: 1, score: 0.2, alarm: false, changes: [], fromTraining: 0.1 },
    ...change,
  };
  return { scores: usual, features: usual, languages: usual, bands: usual };
}

/** Events of a new model, its guard and shadow, with all values of their labels. */
export function reportNewModel(to: PrometheusTelemetry): void {
  to.guardMeasured({ state: 'tripped', counts: { ...noGuardCounts, messages: 10, spamMore: 1 } });
  for (let i = 0; i < 30; i++) to.modelRefused(`reason ${i}`);
  for (const active of verdictNames) for (const shadow of verdictNames) to.shadowCompared(active, shadow, 2);
  for (const reason of ['queue', 'failed'] as const) to.shadowLeftOut(reason, 3);
  to.driftMeasured({ figures: driftFigures(), hasReference: true });
  to.retrainingsMeasured(Object.fromEntries(retrainStates.map((state, at) => [state, 1000 * at])));
  to.campaignsMeasured({ members: 5, open: 2 });
}

/** Each series that a scrape shows, with its value. */
export async function samples(of: PrometheusTelemetry): Promise<ReadonlyMap<string, number>> {
  const { body } = await of.exposition();
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** An audit sample with so many groups of each kind. */
export function auditWith(groups: number): AuditReport {
  const interval = { estimate: 0.5, low: 0.4, high: 0.6 };
  const estimates = {
    ...{ truePositiveRate: interval, falsePositiveRate: interval, precision: interval, prevalence: interval },
  };
  return {
    ...{ from: 0, to: 1, calibration: { missing: 'none' }, fromReviewsAlone: { missing: 'none' } },
    groups: auditGroupKinds.flatMap((by) =>
      Array.from({ length: by === 'all' ? 1 : groups }, (_, at) => ({
        ...{
          by,
          value: by === 'all' ? '' : `${by} ${at}`,
          drawn: 100 + at,
          decided: 90,
          unsure: 3,
          estimates,
        },
      })),
    ),
  };
}

/** Of one batch. */
export function statistics(changes: Partial<BatchStatistics> = {}): BatchStatistics {
  return {
    ham: 0,
    review: 0,
    spam: 0,
    unreadable: 0,
    decodeSeconds: 0.001,
    featurizeSeconds: 0.002,
    inferSeconds: 0.003,
    endedAtStage: [],
    treesEvaluated: 0,
    treesInAll: 0,
    scores: { counts: [], sum: 0 },
    ...changes,
  };
}
