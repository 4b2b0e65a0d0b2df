import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { measureAudit } from '../../../../src/app/daemon/measure-audit.ts';
import type { AuditReport } from '../../../../src/core/report-facts.ts';
import type { TimeRange } from '../../../../src/ports/audit-store.ts';
import { FakeLog } from '../../http/fakes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('measureAudit estimates the rates of the last 30 days at once and every ten minutes, also after a failure, until it is stopped', async () => {
  const log = new FakeLog();
  const ranges: TimeRange[] = [];
  const measured: AuditReport[] = [];
  const measuring = measureAudit({
    report: async (range) => {
      ranges.push(range);
      if (ranges.length === 1) throw new Error('no database');
      return { ...range, groups: [], calibration: { missing: '' }, fromReviewsAlone: { missing: '' } };
    },
    telemetry: { auditMeasured: (report) => void measured.push(report) },
    log,
    now: () => 31 * 86_400_000,
  });
  await vi.advanceTimersByTimeAsync(0);
  expect([ranges.length, measured.length]).toEqual([1, 0]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(measured).toMatchObject([{ from: 86_400_000, to: 31 * 86_400_000 }]);
  await measuring.stop();
  await vi.advanceTimersByTimeAsync(6_000_000);
  expect(ranges).toHaveLength(2);
});
