import { type AuditEstimates, type AuditReport, isMissing, type Known } from '../core/report-facts.ts';
import type { TimeRange } from '../ports/audit-store.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { type AuditAnswer, auditAnswer, auditQuery } from './audit-schemas.ts';

/** Where the rates come from. */
export interface AuditSource {
  /** Throws `STORE_FAILED`. */
  report(range: TimeRange): Promise<AuditReport>;
  /** Whether messages are drawn by the current settings. */
  isDrawing(): boolean;
  readonly leastDecided: number;
}

const DAY_MS = 86_400_000;
/** So long an answer is given again: the rates move by the day, and each reads the whole sample. */
const KEPT_MS = 60_000;

interface Kept {
  readonly days: number;
  readonly at: number;
  readonly report: Promise<AuditReport>;
}

/** `GET /api/v1/audit`: rates of all messages by the audit sample. */
export function auditRoute(app: ApiApp, source: AuditSource, now: () => number = Date.now): void {
  let kept: Kept | undefined;
  const reportOf = (days: number): Promise<AuditReport> => {
    const at = now();
    if (kept?.days === days && Math.abs(at - kept.at) < KEPT_MS) return kept.report;
    const report = source.report({ from: at - days * DAY_MS, to: at });
    const asked = { days, at, report };
    kept = asked;
    report.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return report;
  };
  app.get(
    '/api/v1/audit',
    {
      schema: {
        operationId: 'showAudit',
        summary: 'Rates of all messages, estimated from the audit sample.',
        description:
          'Beside them, marked as biased, what decided review rows alone give. An answer may be a minute old.',
        tags: ['review'],
        querystring: auditQuery,
        response: { 200: auditAnswer, ...problemAnswers },
      },
    },
    async ({ query }) => answerOf(await reportOf(query.days), source),
  );
}

function answerOf(report: AuditReport, source: AuditSource): AuditAnswer {
  const { from, to, groups, calibration, fromReviewsAlone } = report;
  return {
    ...{ from, to, drawing: source.isDrawing(), least_decided: source.leastDecided },
    groups: groups.map(({ others = null, estimates, ...group }) => ({
      ...group,
      others,
      estimates: estimatesOf(estimates),
    })),
    calibration: isMissing(calibration) ? calibration : [...calibration],
    from_reviews_alone: estimatesOf(fromReviewsAlone),
  };
}

function estimatesOf(estimates: Known<AuditEstimates>): AuditAnswer['from_reviews_alone'] {
  if (isMissing(estimates)) return estimates;
  const { truePositiveRate, falsePositiveRate, precision, prevalence } = estimates;
  return {
    true_positive_rate: truePositiveRate,
    false_positive_rate: falsePositiveRate,
    precision,
    prevalence,
  };
}
