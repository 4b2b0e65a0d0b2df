import type { BuiltPipeline } from '../open/build-pipeline.ts';
import { auditReportOf } from '../tasks/audit-report.ts';
import type { DaemonContext } from './daemon-context.ts';
import { measureAudit } from './measure-audit.ts';
import { OpenedPart } from './part-list.ts';

/** Estimates the rates by the audit sample while the daemon runs. */
export function auditPart(
  { telemetry, policy, log }: DaemonContext,
  built: OpenedPart<BuiltPipeline>,
): OpenedPart<ReturnType<typeof measureAudit>> {
  return new OpenedPart(
    'the rates of the audit sample',
    () => {
      const store = built.opened.decisions.audit;
      return measureAudit({
        report: (range) => auditReportOf({ store, policy: policy.value.audit, log }, range),
        ...{ telemetry, log },
      });
    },
    (measuring) => measuring.stop(),
  );
}
