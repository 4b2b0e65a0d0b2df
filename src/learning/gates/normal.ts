/** Level of every one-sided test of the gates. */
export const level = 0.05;

/** Quantile of the standard normal distribution at 1 − {@link level}. */
export const levelQuantile = 1.644_853_626_951_472_6;

/** Quantile of the standard normal distribution at 80 %: the power that the needed numbers of messages are calculated for. */
export const powerQuantile = 0.841_621_233_572_914_2;

/**
 * Probability that a standard normal variable is above `z`; absolute error below 1e-12. Near the middle by the series of Φ, outside by the
 * continued fraction of Mills' ratio (Abramowitz & Stegun 1964, 26.2.11 and 26.2.14).
 */
export function upperTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 1 - upperTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 4) {
    let fraction = 0;
    for (let k = 60; k >= 1; k--) fraction = k / (z + fraction);
    return density / (z + fraction);
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * sum; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}
