import type { AuditedMessage, AuditPolicy } from '../../core/audit.ts';
import { SluiceError } from '../../core/errors.ts';
import type { AuditReport } from '../../core/report-facts.ts';
import { type VerdictName, verdictNames } from '../../core/verdict.ts';
import { auditCalibration } from '../../evaluation/audit/audit-estimates.ts';
import { auditGroups } from '../../evaluation/audit/audit-groups.ts';
import { reviewsAlone } from '../../evaluation/audit/reviews-alone.ts';
import type { AuditStore, TimeRange } from '../../ports/audit-store.ts';
import type { Log } from '../../ports/log.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** As many drawn messages as are held at once; at the default rate they stand for two billion. */
export const MOST_AUDITED = 200_000;
const PAGE = 2000;
/** What is drawn depends on it, and whether anything is drawn does not. */
const ANY_KEY = 'of no message';

export interface AuditParts {
  readonly store: AuditStore;
  /** How messages are drawn now; undefined where none are. */
  readonly policy: AuditPolicy | undefined;
  readonly log: Log;
  readonly most?: number;
}

/**
 * The rates of a time by its audit sample. Of more than {@link MOST_AUDITED} messages the newest are taken; `from` of the report is then the
 * time from which on all are. Throws `STORE_FAILED`, and `USAGE` for a time that ends before it begins.
 */
export async function auditReportOf(
  { store, policy, log, most = MOST_AUDITED }: AuditParts,
  range: TimeRange,
): Promise<AuditReport> {
  if (range.from >= range.to)
    throw new SluiceError('USAGE', 'the time of an audit report must end after it begins');
  const { messages, from } = await readSample(store, range, most);
  if (from > range.from)
    log.warn(
      { from: new Date(from).toISOString() },
      `rates are estimated from the newest ${most} drawn messages`,
    );
  const reviewed = await store.reviewed({ from, to: range.to });
  const report = { from, to: range.to, fromReviewsAlone: reviewsAlone(reviewed) };
  const groups = auditGroups(messages, unsampledVerdicts(policy));
  if (messages.length > 0) return { ...report, groups, calibration: auditCalibration(messages) };
  const nothing = { missing: whyNothing(policy) };
  return {
    ...report,
    groups: groups.map((group) => ({ ...group, estimates: nothing })),
    calibration: nothing,
  };
}

/** How messages are drawn by these settings; undefined where none are. By another key, which no estimate depends on. */
export function drawingOf(settings: Settings): AuditPolicy | undefined {
  return policyOf(settings, ANY_KEY).audit;
}

async function readSample(store: AuditStore, range: TimeRange, most: number) {
  const messages: AuditedMessage[] = [];
  let after: string | null = null;
  do {
    const page = await store.sample({ ...range, limit: PAGE, ...(after === null ? {} : { after }) });
    messages.push(...page.items);
    after = page.next;
  } while (after !== null && messages.length <= most);
  if (messages.length <= most) return { messages, from: range.from };
  // Others of the same millisecond may not have been read.
  const from = messages[most]!.drawnAt + 1;
  return { messages: messages.filter(({ drawnAt }) => drawnAt >= from), from };
}

/** Verdicts of which no community's messages are drawn. */
function unsampledVerdicts(audit: AuditPolicy | undefined): ReadonlySet<VerdictName> {
  const all = audit === undefined ? [] : [audit, ...Object.values(audit.communities)];
  return new Set(
    verdictNames.filter((verdict) => all.every(({ rate, bands }) => (bands?.[verdict] ?? rate) === 0)),
  );
}

function whyNothing(audit: AuditPolicy | undefined): string {
  return audit === undefined
    ? 'no message was drawn: audit.rate is 0, or mode is observe; set audit.rate, for instance to 0.0001, and mode to enforce'
    : 'no message was drawn in this time';
}
