/** Half of the shift, in standard deviations, that the sums find fastest: smaller ones than this never raise an alarm by themselves. */
const ALLOWANCE = 1;
/** One window counts for no more standard deviations than this, so that no single window raises an alarm. */
const MOST = 3;
/** Sums end here, in limits: a change that is over is forgotten within an hour or two. */
const HIGHEST = 1.5;

/**
 * The next value of a one-sided cumulative sum (Page, "Continuous inspection schemes", 1954). `deviation`: of the window, in standard
 * deviations, towards the side that the sum watches.
 */
export function nextSum(sum: number, deviation: number, limit: number): number {
  return Math.min(HIGHEST * limit, Math.max(0, sum + Math.min(MOST, deviation) - ALLOWANCE));
}

/**
 * The limit at which a one-sided sum raises a false alarm once in `runLength` windows on average, by the approximation of Siegmund
 * ("Sequential Analysis", 1985): (exp(2kb) − 2kb − 1) / 2k² windows with b = limit + 1.166, for independent normal deviations.
 */
export function limitFor(runLength: number): number {
  const lengthOf = (limit: number) => {
    const exponent = 2 * ALLOWANCE * (limit + 1.166);
    return (Math.exp(exponent) - exponent - 1) / (2 * ALLOWANCE ** 2);
  };
  let [low, high] = [0, 50];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (lengthOf(middle) < runLength) low = middle;
    else high = middle;
  }
  return high;
}
