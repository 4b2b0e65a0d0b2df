import type { Known, Series } from '../core/report-facts.ts';
import type { TimeRange } from './audit-store.ts';

/** Spans of equal length, one after the other, each of one day or of several. */
export interface DaySpans {
  /** 0:00 UTC of the first day; epoch milliseconds. */
  readonly first: number;
  /** Days of each span. */
  readonly days: number;
  readonly spans: number;
}

/**
 * What a monitoring system remembers of all daemons together. It throws nothing: a figure that it does not have, or cannot give now, is
 * missing for a reason that says what to do.
 */
export interface LiveMetrics {
  /** Messages a day in each span, by outcome. */
  verdicts(spans: DaySpans): Promise<Known<readonly Series[]>>;
  /** Seconds from arrival to durable outcome: `p50`, `p95`, `p99`; without points for times without messages. */
  latency(range: TimeRange): Promise<Known<readonly Series[]>>;
  /** Messages that wait at the source, by topic. */
  lag(range: TimeRange): Promise<Known<readonly Series[]>>;
  /** By signal; 1 is the limit of an alarm. Of several daemons the largest. */
  drift(range: TimeRange): Promise<Known<readonly Series[]>>;
}
