import type { Decision, DecisionLabel, RowLabel } from '../core/decision.ts';
import type { Verdict } from '../core/verdict.ts';
import type { AuditStore } from './audit-store.ts';
import type { CampaignStore } from './campaign-store.ts';
import type { GuardStore } from './guard-store.ts';
import type { LabeledCandidates } from './labeled-candidates.ts';
import type { LabeledScores } from './labeled-scores.ts';
import type { Page, QueueItem } from './queue-item.ts';
import type { ReportStore } from './report-store.ts';
import type { ReviewOrigin, ReviewState } from './review-store.ts';
import type { SecondOpinion, SecondOpinions, SecondOutcome } from './second-opinions.ts';
import type { ShadowStore } from './shadow-store.ts';
import type { TrainingStore } from './training-store.ts';

export type { Page, QueueItem };

/**
 * Seconds that a lease lasts, and an outbox row is held by the publisher that took it. An end that is further away than that was
 * written before the clock was set back, and counts as passed.
 */
export const LEASE_SECONDS = 60;
/** Unsure answers after which only a lead is offered a row. */
export const UNSURE_LIMIT = 3;

/**
 * `uncertainty`: probabilities nearest to one half first, and those without one before them; `age`: oldest first; `audit`: the
 * audit sample by uncertainty, then all others; `campaign`: larger campaigns first, to a factor of two, each together; `reports`:
 * those that most people reported first.
 */
export const reviewOrders = ['uncertainty', 'age', 'audit', 'campaign', 'reports'] as const;
export type ReviewOrder = (typeof reviewOrders)[number];

/** Which rows; all that are named have to hold. */
export interface ReviewFilter {
  readonly community?: string;
  /** The probability is at least, at most this; rows without one are then left out. */
  readonly min?: number;
  readonly max?: number;
  readonly model?: string;
  readonly origin?: ReviewOrigin;
  readonly sender?: string;
  /** Words that the text has, each the beginning of one, whatever their case; the order makes no difference. */
  readonly q?: string;
  /** Created at or after, before; epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** The id of a campaign. */
  readonly campaign?: number;
  /** At least so many people reported it. */
  readonly reporters?: number;
}

/** Of a review row, what decisions change. */
export interface RowStatus {
  readonly state: Extract<ReviewState, 'open' | 'labelled'>;
  readonly label: RowLabel | null;
  readonly by: string | null;
  /** Epoch milliseconds. */
  readonly at: number | null;
  /** Unsure answers since the row came. */
  readonly unsure: number;
}

/** A review row that the transaction holds. */
export interface LockedRow {
  readonly item: QueueItem;
  readonly status: RowStatus;
  /** Counts the decisions on this row. */
  readonly revision: number;
  /** The revision of the row's campaign when it joined. */
  readonly campaignRevision: number;
  /** Null where nobody holds it at this moment. */
  readonly lease: { readonly id: string; readonly holder: string } | null;
  /** Who answered unsure, and has not taken it back. */
  readonly unsureBy: readonly string[];
  /** The last verdict that people's decisions produced for this message, be it by another row of the same message. */
  readonly lastVerdict: LastVerdict | null;
  /** Of a labeled row that somebody else is asked about, as long as nobody has decided it again. */
  readonly second: SecondOpinion | null;
}

export interface LastVerdict {
  /** Counts the verdicts of the message, from 1. */
  readonly sequence: number;
  /** RFC 3339, UTC. */
  readonly scored_at: string;
}

/** Of a training row, what decisions change. */
export interface TrainingStatus {
  readonly label: RowLabel;
  readonly by: string | null;
  /** Epoch milliseconds. */
  readonly at: number | null;
}

/** A training row that the transaction holds. */
export interface LockedTraining {
  readonly id: number;
  /** The review row that it comes from; null for every other source. */
  readonly review_id: number | null;
  readonly status: TrainingStatus;
}

export interface TrainingChange {
  readonly training_id: number;
  readonly before: TrainingStatus;
  readonly after: TrainingStatus;
}

/** A decision with what it changed. */
export interface RecordedDecision extends Decision {
  /** SHA-256 of the request, so that a repeated idempotency key is known to be the same request. */
  readonly request: string | null;
  readonly changes: readonly {
    readonly review_id: number;
    readonly before: RowStatus;
    /** The row's revision after it. */
    readonly revision: number;
    /** The second opinion that the answer was for; the row stayed as it was. */
    readonly second: number | null;
  }[];
  /** Training rows that were relabeled by it; none for a decision in the review queue. */
  readonly relabeled: readonly TrainingChange[];
  /** The decision that took it back. */
  readonly undone_by: number | null;
}

/** All that one decision writes. */
export interface DecisionPlan {
  readonly decision: Omit<Decision, 'id' | 'items'>;
  readonly key: string | null;
  readonly request: string | null;
  readonly changes: readonly RowChange[];
  /** Training rows that are relabeled, also those whose review rows are among the changes. */
  readonly relabeled?: readonly TrainingChange[];
  /** Campaigns that were decided as a whole. */
  readonly campaigns?: readonly number[];
  /** Rows among the changed ones that somebody else is asked about. */
  readonly drawn?: readonly number[];
}

export interface RowChange {
  readonly review_id: number;
  readonly before: RowStatus;
  readonly after: RowStatus;
  readonly revision: number;
  /** To publish, with its number among the message's verdicts; null for none. */
  readonly verdict: { readonly sequence: number; readonly verdict: Verdict } | null;
  /** For an answer to a second opinion: the row, its training row and what was published stay as they are. */
  readonly second?: { readonly id: number; readonly outcome: SecondOutcome };
}

/** Reads and writes of one transaction. All that it writes is stored, or nothing. */
export interface DecisionTransaction {
  /** Epoch milliseconds, by the clock that leases end by. */
  readonly now: number;
  /** Waits until nobody else holds one of these rows, and holds them to the end. Rows that do not exist are left out. */
  lockRows(ids: readonly number[]): Promise<readonly LockedRow[]>;
  /** Ids of the review rows that these training rows come from. */
  reviewsOfTraining(ids: readonly number[]): Promise<readonly number[]>;
  /** As `lockRows`, of training rows. Their review rows are to be locked before. */
  lockTraining(ids: readonly number[]): Promise<readonly LockedTraining[]>;
  /**
   * Ids of a campaign's open rows that had joined by this revision, of all where there is none. Undefined where there is no such
   * campaign, or it has become part of another one.
   */
  campaignRows(campaign: number, revision?: number): Promise<readonly number[] | undefined>;
  /** A secret by which rows are drawn for a second opinion; always the same. */
  samplingKey(): Promise<string>;
  /** A secret by which messages are drawn for the audit; always the same. */
  auditKey(): Promise<string>;
  decisionByKey(by: string, key: string): Promise<RecordedDecision | undefined>;
  decision(id: number): Promise<RecordedDecision | undefined>;
  /** How many decisions of this person are newer than this one. */
  newerDecisions(by: string, id: number): Promise<number>;
  /**
   * Writes the decision with its items, the states of the rows, their training rows (one for a labeled row, none for an open
   * one), the labels of relabeled training rows, one activity entry, and the outbox rows. Ends the leases of the rows. A training row
   * that nobody has labeled any more, of an import that was undone, is removed.
   */
  write(plan: DecisionPlan): Promise<Decision>;
}

/** A decision with the one that took it back. */
export interface ListedDecision extends Decision {
  readonly undone_by: number | null;
}

export interface ReviewProgress {
  readonly open: number;
  readonly people: readonly {
    readonly name: string;
    /** One for each of the times. */
    readonly rows: readonly number[];
  }[];
}

/** Rows with one answer on one day. */
export interface DecidedDay {
  /** 0:00 UTC; epoch milliseconds. */
  readonly day: number;
  readonly label: DecisionLabel;
  readonly rows: number;
}

export interface LeasedItems {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly items: readonly QueueItem[];
}

export interface ActivityEntry {
  readonly id: number;
  readonly who: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Epoch milliseconds. */
  readonly when: number;
}

/** Which entries; all that are named have to hold. */
export interface ActivityFilter {
  readonly who?: string;
  readonly what?: string;
  /** At or after, before; epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

/** A verdict that waits for its publication. */
export interface OutboxRow {
  readonly id: number;
  readonly verdict: Verdict;
  /** Epoch milliseconds. */
  readonly created_at: number;
}

/**
 * The review queue for people, beside `ReviewStore`, which is for the pipeline. Throws `STORE_FAILED` (retriable where the same may
 * work later), and `USAGE` for a cursor that it did not return.
 */
export interface DecisionStore {
  /** As in `ReviewStore`: rows that were created longer ago have no others appear before them. */
  readonly settleSeconds: number;
  readonly campaigns: CampaignStore;
  readonly training: TrainingStore;
  readonly candidates: LabeledCandidates;
  readonly scores: LabeledScores;
  readonly secondOpinions: SecondOpinions;
  readonly reports: ReportStore;
  readonly shadow: ShadowStore;
  readonly guard: GuardStore;
  readonly audit: AuditStore;
  /**
   * Hands the next rows that nobody holds to one person. Rows that this person was unsure about go to others; those with
   * {@link UNSURE_LIMIT} unsure answers go to leads alone. `id`: of the lease, new. `second`: at most so many of them are decided rows
   * that are shown as if nobody had decided them, and for a lead so many rows with two answers that differ; never to somebody who
   * answered the row before.
   */
  lease(request: {
    readonly id: string;
    readonly holder: string;
    readonly isLead: boolean;
    readonly count: number;
    readonly order: ReviewOrder;
    readonly filter?: ReviewFilter;
    readonly second?: { readonly blind: number; readonly differing: number };
  }): Promise<LeasedItems>;
  /** Holds the rows of a lease that has not ended for another {@link LEASE_SECONDS}. Returns how many, and the end. */
  renew(id: string, holder: string): Promise<{ readonly renewed: number; readonly until: number }>;
  /** Who leased the rows that nobody else has leased or decided since. */
  leaseHolder(id: string): Promise<string | undefined>;
  /** Gives the rows of a lease back. Returns how many. */
  release(id: string, holder: string): Promise<number>;
  /** `work` may run again where two transactions met, and awaits nothing but the transaction. Durable when it resolves. */
  transact<T>(work: (transaction: DecisionTransaction) => Promise<T>): Promise<T>;
  list(query: {
    readonly state: ReviewState;
    readonly order: ReviewOrder;
    readonly filter?: ReviewFilter;
    readonly after?: string;
    readonly limit: number;
  }): Promise<Page<QueueItem>>;
  /** Undefined where there is no such row. */
  item(id: number): Promise<QueueItem | undefined>;
  /** Newest first. */
  decisions(query: {
    readonly by?: string;
    readonly after?: string;
    readonly limit: number;
  }): Promise<Page<ListedDecision>>;
  /**
   * How many rows wait, those that somebody holds included, and how many each person labeled at or after each of the times, in
   * epoch milliseconds; people who labeled none since the earliest of them are left out. What was undone counts too.
   */
  progress(since: readonly number[]): Promise<ReviewProgress>;
  /**
   * Rows that people answered in the review queue, at or after `from` and before `to`, in epoch milliseconds, by day (UTC) and answer,
   * oldest first. What was undone is left out, and days without an answer are.
   */
  decidedByDay(range: { readonly from: number; readonly to: number }): Promise<readonly DecidedDay[]>;
  /** Newest first. A page may have fewer entries than `limit`, be it none, and a next one nevertheless. */
  activity(query: {
    readonly filter?: ActivityFilter;
    readonly after?: string;
    readonly limit: number;
  }): Promise<Page<ActivityEntry>>;
  /**
   * Holds outbox rows for one publisher for {@link LEASE_SECONDS}: of each message the oldest one, if nobody holds it; those
   * that failed least often first.
   */
  takeOutbox(request: { readonly holder: string; readonly limit: number }): Promise<readonly OutboxRow[]>;
  /** Records the rows as published, or as refused for good, with the reason. */
  finishOutbox(rows: readonly { readonly id: number; readonly refusal?: string }[]): Promise<void>;
  /** Rows that were not published may be taken again after so many seconds. `hasFailed`: it was tried. */
  postponeOutbox(
    rows: readonly { readonly id: number; readonly hasFailed: boolean }[],
    seconds: number,
  ): Promise<void>;
  /** How many rows wait, and for how many seconds the oldest one; 0 where none waits. */
  outboxDepth(): Promise<{ readonly rows: number; readonly oldestSeconds: number }>;
  close(): Promise<void>;
}
