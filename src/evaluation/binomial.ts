import type { Interval } from '../core/report-facts.ts';

/**
 * P(X ≤ `count`) for X binomial over `trials` with the rate `rate`: the regularized incomplete beta function
 * I₁₋ᵣ(trials − count, count + 1). Relative error below 1e-11 for up to a million trials.
 */
export function binomialAtMost(count: number, trials: number, rate: number): number {
  if (count >= trials || rate <= 0) return 1;
  if (count < 0 || rate >= 1) return 0;
  return incompleteBeta(trials - count, count + 1, 1 - rate);
}

/**
 * The rate that `count` of `trials` is at the edge of: the smallest one that one-sided `confidence` rules nothing out above (Clopper &
 * Pearson 1934). The true rate is above it in at most 1 − `confidence` of samples, whatever it is. 1 where there are no trials.
 */
export function upperBound(count: number, trials: number, confidence: number): number {
  if (trials === 0 || count >= trials) return 1;
  if (count === 0) return -Math.expm1(Math.log1p(-confidence) / trials);
  return bisect((rate) => binomialAtMost(count, trials, rate) > 1 - confidence);
}

/** As {@link upperBound}, from below; 0 where there are no trials. */
export function lowerBound(count: number, trials: number, confidence: number): number {
  return 1 - upperBound(trials - count, trials, confidence);
}

/** Two-sided interval of a rate with equal tails, by Clopper & Pearson (1934). Null where there are no trials. */
export function exactInterval(count: number, trials: number, confidence = 0.95): Interval | null {
  if (trials === 0) return null;
  const tail = (1 + confidence) / 2;
  return {
    estimate: count / trials,
    low: count === 0 ? 0 : lowerBound(count, trials, tail),
    high: count === trials ? 1 : upperBound(count, trials, tail),
  };
}

/** The greatest rate at which the condition holds, where it holds up to some rate and not above. */
function bisect(holds: (rate: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * I_x(a, b) by its continued fraction with the modified method of Lentz (Press et al. 2007, Numerical Recipes, 6.4). `a` and `b` are at
 * least 1.
 */
function incompleteBeta(a: number, b: number, x: number): number {
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast on this side of the mean.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

const TINY = 1e-300;

function betaFraction(a: number, b: number, x: number): number {
  const nonZero = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      fraction *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) return fraction;
  }
  return fraction;
}

/** Stirling's series, for `x` of at least 1, moved up to 20 where it is exact to double precision. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 20; at++) shift += Math.log(at);
  const inverse = 1 / (at * at);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
