import type { Interval } from './report-facts.ts';

/** The normal quantile of 97.5 %. */
const Z = 1.959_963_984_540_054;

/**
 * A share with its 95 % interval by E. B. Wilson (1927), which is within [0, 1] and holds for a handful of answers, and where all of them
 * are alike. Null where the whole is zero.
 */
export function wilsonInterval(part: number, whole: number): Interval | null {
  if (whole === 0) return null;
  const share = part / whole;
  const z2 = Z * Z;
  const center = share + z2 / (2 * whole);
  const spread = Z * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole * whole));
  const scale = 1 + z2 / whole;
  return {
    estimate: share,
    low: part === 0 ? 0 : Math.max(0, (center - spread) / scale),
    high: part === whole ? 1 : Math.min(1, (center + spread) / scale),
  };
}
