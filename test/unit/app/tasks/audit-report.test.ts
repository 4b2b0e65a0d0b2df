import { expect, it } from 'vitest';
import { auditReportOf, drawingOf } from '../../../../src/app/tasks/audit-report.ts';
import type { AuditedMessage } from '../../../../src/core/audit.ts';
import type { AuditStore } from '../../../../src/ports/audit-store.ts';
import { settingsSchema } from '../../../../src/settings/settings-schema.ts';
import { audited, known, times } from '../../evaluation/audit/audited.ts';
import { FakeLog } from '../../http/fakes.ts';

/** Pages of two messages. */
function storeOf(messages: readonly AuditedMessage[]): AuditStore {
  return {
    sample: async ({ after }) => {
      const from = Number(after ?? 0);
      const end = from + 2;
      return { items: messages.slice(from, end), next: end < messages.length ? String(end) : null };
    },
    reviewed: async () => [{ label: 'spam', aboveHalf: true, rows: 40 }],
  };
}

const settings = (audit: object) => settingsSchema.parse({ audit });
const range = { from: 0, to: 1000 };
const log = new FakeLog();
const usual = drawingOf(settings({ rate: 0.0001 }));

it('auditReportOf reads all pages, and gives rates with those of review rows alone beside them', async () => {
  const store = storeOf([...times(30, { label: 'spam', verdict: 'spam' }), ...times(71)]);
  const report = await auditReportOf({ store, policy: usual, log }, range);
  expect(report).toMatchObject(range);
  expect(report.groups[0]).toMatchObject({ by: 'all', drawn: 101 });
  expect(known(report.groups[0]!.estimates).prevalence!.estimate).toBeCloseTo(30 / 101, 12);
  expect(known(report.calibration)).toHaveLength(1);
  expect(known(report.fromReviewsAlone).prevalence!.estimate).toBe(1);
});

it('auditReportOf takes the newest of too many messages, and states from when on', async () => {
  const drawn = Array.from({ length: 20 }, (_, at) => audited({ drawnAt: 900 - 10 * Math.floor(at / 2) }));
  const report = await auditReportOf({ store: storeOf(drawn), policy: usual, log, most: 7 }, range);
  expect(report.from).toBe(871);
  expect(report.groups[0]!.drawn).toBe(6);
});

it('auditReportOf says why nothing was drawn, and what to do', async () => {
  const store = storeOf([]);
  const off = await auditReportOf({ store, policy: drawingOf(settings({ rate: 0 })), log }, range);
  expect(off.groups).toMatchObject([{ estimates: { missing: expect.stringContaining('set audit.rate') } }]);
  expect(off.calibration).toMatchObject({ missing: expect.stringContaining('set audit.rate') });
  const on = await auditReportOf({ store, policy: usual, log }, range);
  expect(on.groups).toMatchObject([{ estimates: { missing: 'no message was drawn in this time' } }]);
});

it('auditReportOf gives no rate that needs a verdict which is never drawn', async () => {
  const store = storeOf(times(40, { label: 'spam', verdict: 'spam' }));
  const policy = drawingOf(settings({ rate: 0.001, bands: { ham: 0 } }));
  const { groups } = await auditReportOf({ store, policy, log }, range);
  expect(known(groups[0]!.estimates)).toMatchObject({ truePositiveRate: null, prevalence: null });
  expect(known(groups[0]!.estimates).precision).toMatchObject({ estimate: 1 });
});

it('auditReportOf refuses a time that does not end after it begins', async () => {
  await expect(
    auditReportOf({ store: storeOf([]), policy: usual, log }, { from: 5, to: 5 }),
  ).rejects.toMatchObject({ code: 'USAGE' });
});
