import type { Curve, Known } from '../../core/report-facts.ts';
import {
  averagePrecisionOf,
  precisionRecallPoints,
  type RankedScores,
  rankScores,
  rocAucOf,
  rocPoints,
} from '../ranked-scores.ts';
import type { ScoredExample } from '../scored-example.ts';
import { bootstrapCurves } from './bootstrap.ts';

/** With fewer messages of a class, a curve has too few steps to say anything, and its band would be too narrow. */
export const LEAST_OF_A_CLASS = 10;
/** A page cannot show more points than it has pixels. */
const MOST_POINTS = 2000;

export interface Curves {
  readonly roc: Known<Curve>;
  readonly precisionRecall: Known<Curve>;
}

/** ROC and precision–recall with bootstrap bands, or why there are none; there must be one example. `random`: in [0, 1), of a fixed seed. */
export function curvesOf(examples: readonly ScoredExample[], random: () => number): Curves {
  const why = whyNoCurves(examples);
  if (why !== undefined) return { roc: { missing: why }, precisionRecall: { missing: why } };
  const ranked = rankScores(examples);
  const { roc, precisionRecall, rocAuc, averagePrecision } = bootstrapCurves(ranked, random);
  return {
    roc: {
      points: rocCurvePoints(ranked),
      band: roc,
      area: { estimate: rocAucOf(ranked), ...rocAuc },
    },
    precisionRecall: {
      points: thinned(
        precisionRecallPoints(ranked).map(({ recall, precision, threshold }) => ({
          ...{ x: recall, y: precision, threshold },
        })),
        MOST_POINTS,
      ),
      band: precisionRecall,
      area: { estimate: averagePrecisionOf(ranked), ...averagePrecision },
    },
  };
}

function whyNoCurves(examples: readonly ScoredExample[]): string | undefined {
  const spam = examples.filter(({ label }) => label === 'spam').length;
  const ham = examples.length - spam;
  if (spam === 0) return 'All labeled messages are ham. A curve needs messages of both classes.';
  if (ham === 0) return 'All labeled messages are spam. A curve needs messages of both classes.';
  if (Math.min(spam, ham) >= LEAST_OF_A_CLASS) return undefined;
  return `There are ${spam} spam and ${ham} ham messages. A curve needs at least ${LEAST_OF_A_CLASS} of each.`;
}

function rocCurvePoints(ranked: RankedScores): Curve['points'] {
  const points = rocPoints(ranked).map(({ fpr, tpr, threshold }) => ({ x: fpr, y: tpr, threshold }));
  // A point on a straight line between its neighbors changes nothing of the curve.
  const corners = points.filter(({ x, y }, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    if (before === undefined || after === undefined) return true;
    return !((before.x === x && x === after.x) || (before.y === y && y === after.y));
  });
  return thinned(corners, MOST_POINTS);
}

/** At most so many points: the first, the last, and others at equal distances along the curve. */
export function thinned<Point extends { readonly x: number; readonly y: number }>(
  points: readonly Point[],
  most: number,
): readonly Point[] {
  if (points.length <= most) return points;
  const along = [0];
  for (let at = 1; at < points.length; at++) {
    const [before, here] = [points[at - 1]!, points[at]!];
    along.push(along[at - 1]! + Math.abs(here.x - before.x) + Math.abs(here.y - before.y));
  }
  const last = points.length - 1;
  const step = along[last]! / (most - 1);
  const kept = [points[0]!];
  for (let at = 1; at < last && kept.length < most - 1; at++)
    if (along[at]! >= kept.length * step) kept.push(points[at]!);
  kept.push(points[last]!);
  return kept;
}
