/** Whole numbers from `from` to `to`, each divided by `by`. */
const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => (from + at) / by);

/**
 * The thresholds that are looked at, in ascending order: hundredths, and near 0 and 1 thousandths and ten-thousandths. They are the same
 * whatever the data is, as the fixed-sequence test needs it.
 */
export const thresholdGrid: readonly number[] = [
  ...steps(0, 9, 10_000),
  ...steps(1, 9, 1000),
  ...steps(1, 99, 100),
  ...steps(991, 999, 1000),
  ...steps(9991, 10_000, 10_000),
];
