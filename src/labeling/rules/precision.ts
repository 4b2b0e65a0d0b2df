import type { Precision } from '../../core/rule-report.ts';
import { wilsonInterval } from '../../core/wilson-interval.ts';

/** How many of the rows whose label is known are right, with Wilson's interval. */
export function precisionOf(right: number, known: number): Precision {
  return { right, known, ...(wilsonInterval(right, known) ?? { estimate: null, low: 0, high: 1 }) };
}
