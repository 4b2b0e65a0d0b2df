import { type PartCounts, totalOf } from './traffic.ts';

/**
 * Jensen–Shannon distance of two distributions, given as counts: the square root of the divergence with logarithms of base 2; a metric, 0
 * for the same shares, 1 where no part occurs in both. Undefined where one of them is empty.
 *
 * Lin, "Divergence measures based on the Shannon entropy", 1991; Endres and Schindelin, "A new metric for probability distributions", 2003.
 */
export function distanceBetween(one: PartCounts, other: PartCounts): number | undefined {
  const [ofOne, ofOther] = [totalOf(one), totalOf(other)];
  if (ofOne === 0 || ofOther === 0) return undefined;
  let divergence = 0;
  for (const part of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const p = (one[part] ?? 0) / ofOne;
    const q = (other[part] ?? 0) / ofOther;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / middle)) / 2;
  }
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}
