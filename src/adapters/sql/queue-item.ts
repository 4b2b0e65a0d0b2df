import type { Kysely, Selectable } from 'kysely';
import { sha256Of } from '../../core/sha256.ts';
import { LEASE_SECONDS, type LockedRow, type QueueItem } from '../../ports/decision-store.ts';
import { withoutHiddenScore } from '../../ports/queue-item.ts';
import type { ReviewTable, SluiceDatabase } from './database-schema.ts';
import { integerOf, integerOrNull, reviewColumns, reviewItemOf, reviewTexts } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export const LEASE_MS = LEASE_SECONDS * 1000;
/** A transaction takes less, waiting for locks included. */
const TRANSACTION_MS = 10_000;

/**
 * What ends later was written before the clock was set back. A transaction that began a moment earlier may see the lease of a later one,
 * which ends later than its own would.
 */
export function latestEnd(now: number): number {
  return now + LEASE_MS + TRANSACTION_MS;
}
/** Of a SHA-256 in hex; two texts of one row share it by a chance of 1 in 2^64. */
const DIGEST_LENGTH = 16;

const queueColumns = [
  ...reviewColumns,
  ...(['label', 'labelled_by', 'labelled_at', 'revision', 'unsure_count'] as const),
  ...(['lease_id', 'lease_holder', 'lease_until', 'distance', 'audit_rank'] as const),
  ...(['campaign', 'campaign_rank', 'campaign_revision', 'report_rank'] as const),
] as const;

export type QueueRow = Pick<Selectable<ReviewTable>, (typeof queueColumns)[number]> &
  Readonly<Record<string, unknown>>;

/** Review rows with all that the queue shows and decides by. */
export function selectQueue(database: Kysely<SluiceDatabase>, flavour: SqlFlavour) {
  return database.selectFrom('review').select(queueColumns).select(reviewTexts(flavour));
}

/** What people are shown. */
export function queueItemOf(row: QueueRow, flavour: SqlFlavour): QueueItem {
  return withoutHiddenScore(wholeItemOf(row, flavour));
}

/**
 * With the score also of an undecided row of the audit sample. The version is of revision and text: a daemon of before, which does not know of versions, may edit the text. Nothing can be read from it,
 * so a decided row that is shown as an undecided one has one like all others.
 */
export function wholeItemOf(row: QueueRow, flavour: SqlFlavour): QueueItem {
  const item = reviewItemOf(row, flavour);
  const versioned = `${integerOf(row.revision)} ${item.message}`;
  return {
    ...item,
    version: sha256Of(new TextEncoder().encode(versioned)).slice(0, DIGEST_LENGTH),
    label: row.label,
    decided_by: row.labelled_by,
    decided_at: integerOrNull(row.labelled_at),
    unsure: integerOf(row.unsure_count),
    reporters: 0 - integerOf(row.report_rank),
    campaign: integerOf(row.campaign) > 0 ? integerOf(row.campaign) : null,
  };
}

/** What a decision looks at and changes; `now`: epoch milliseconds. */
export function statusOf(
  row: QueueRow,
  now: number,
): Pick<LockedRow, 'status' | 'lease' | 'revision' | 'campaignRevision'> {
  const until = integerOrNull(row.lease_until);
  const isLive = row.state === 'leased' && until !== null && until > now && until <= latestEnd(now);
  return {
    status: {
      state: row.state === 'labelled' ? 'labelled' : 'open',
      label: row.label,
      by: row.labelled_by,
      at: integerOrNull(row.labelled_at),
      unsure: integerOf(row.unsure_count),
    },
    lease: isLive ? { id: row.lease_id ?? '', holder: row.lease_holder ?? '' } : null,
    revision: integerOf(row.revision),
    campaignRevision: integerOf(row.campaign_revision),
  };
}

/** The same for all verdicts of a message. */
export function messageKeyOf({ community, message_id }: Pick<QueueItem, 'community' | 'message_id'>): string {
  return sha256Of(new TextEncoder().encode(JSON.stringify([community, message_id])));
}
