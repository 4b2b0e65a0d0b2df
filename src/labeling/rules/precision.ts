import type { Precision } from '../../core/rule-report.ts';

/** The normal quantile of 97.5 %. */
const Z = 1.959_963_984_540_054;

/** By E. B. Wilson's interval (1927), which is within [0, 1] and holds for a handful of answers, and where all are right. */
export function precisionOf(right: number, known: number): Precision {
  if (known === 0) return { right, known, estimate: null, low: 0, high: 1 };
  const share = right / known;
  const z2 = Z * Z;
  const center = share + z2 / (2 * known);
  const spread = Z * Math.sqrt((share * (1 - share)) / known + z2 / (4 * known * known));
  const scale = 1 + z2 / known;
  return {
    ...{ right, known, estimate: share },
    low: right === 0 ? 0 : Math.max(0, (center - spread) / scale),
    high: right === known ? 1 : Math.min(1, (center + spread) / scale),
  };
}
