import { describeError } from '../../core/errors.ts';
import type { AuditReport } from '../../core/report-facts.ts';
import type { TimeRange } from '../../ports/audit-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { onATimer } from './on-a-timer.ts';

export interface AuditMeasureParts {
  readonly report: (range: TimeRange) => Promise<AuditReport>;
  readonly telemetry: Pick<Telemetry, 'auditMeasured'>;
  readonly log: Log;
  readonly everySeconds?: number;
  /** Epoch milliseconds; for tests. */
  readonly now?: () => number;
}

/** People decide a message in seconds; rates of a month move by the day. */
const EVERY_SECONDS = 600;
const DAYS = 30;
const DAY_MS = 86_400_000;

/** Estimates the rates of the last 30 days, at once and then on a timer. While the store is unavailable the last figures stay. */
export function measureAudit(parts: AuditMeasureParts): { stop(): Promise<void> } {
  const { report, telemetry, log, everySeconds = EVERY_SECONDS, now = Date.now } = parts;
  const measure = async () => {
    try {
      const to = now();
      telemetry.auditMeasured(await report({ from: to - DAYS * DAY_MS, to }));
    } catch (error) {
      log.warn(
        { error: describeError(error) },
        'rates could not be estimated from the audit sample; it is tried again',
      );
    }
  };
  return onATimer(measure, everySeconds);
}
