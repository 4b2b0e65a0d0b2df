import type { AuditPolicy } from '../../core/audit.ts';
import { LEAST_DECIDED } from '../../evaluation/audit/audit-estimates.ts';
import type { AuditSource } from '../../http/audit-route.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { Log } from '../../ports/log.ts';
import { auditReportOf } from '../tasks/audit-report.ts';

/** Rates by the audit sample, for people. `policy`: how messages are drawn at the moment; undefined where none are. */
export function auditSource(store: AuditStore, policy: () => AuditPolicy | undefined, log: Log): AuditSource {
  return {
    report: (range) => auditReportOf({ store, policy: policy(), log }, range),
    isDrawing: () => policy() !== undefined,
    leastDecided: LEAST_DECIDED,
  };
}
