import type { ColumnType, Generated } from 'kysely';
import type { ActivityKind } from '../../core/activity-kinds.ts';
import type { DecisionLabel, RowLabel } from '../../core/decision.ts';
import type { VerdictName } from '../../core/verdict.ts';
import type { ModelStatus } from '../../ports/model-registry.ts';
import type { ReviewOrigin, ReviewState } from '../../ports/review-store.ts';
import type { AccountTable, ApiTokenTable, InvitationTable, SessionTable } from './account-tables.ts';
import type { LabelLeaseTable } from './label-lease-table.ts';
import type { LabelChangeTable, LabelStepTable } from './label-tables.ts';
import type { ReportTable } from './report-tables.ts';
import type { RetrainRunTable } from './retrain-tables.ts';
import type { SecondOpinionTable, StoreKeyTable } from './second-opinion-tables.ts';
import type { ModelGuardTable, ShadowCountTable, ShadowDisagreementTable } from './shadow-tables.ts';

/** All times are epoch milliseconds; MySQL's driver gives big integers as text, SQLite's as numbers. */
type EpochMs = ColumnType<number | string, number, number>;
type RowId = ColumnType<number | string, number | undefined, never>;
type NullableEpochMs = ColumnType<number | string | null, number | null | undefined, number | null>;

export interface ReviewTable {
  readonly id: RowId;
  readonly community: string;
  readonly message_id: string;
  readonly message: string;
  readonly sender: string | null;
  readonly probability: number | null;
  /** JSON array of strings. */
  readonly reasons: string;
  readonly model: string;
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: ColumnType<number | string, number, never>;
  readonly origin: ReviewOrigin;
  /** Chance that an audit sample had to be drawn; null for every other origin. */
  readonly inclusion_probability: ColumnType<number | null, number | null | undefined, number | null>;
  /** Of a message of the audit sample, whose `probability` is null and whose `reasons` are empty. */
  readonly audit_verdict: ColumnType<VerdictName | null, VerdictName | null | undefined, VerdictName | null>;
  readonly audit_language: ColumnType<string | null, string | null | undefined, string | null>;
  readonly audit_probability: ColumnType<number | null, number | null | undefined, number | null>;
  /** JSON array of strings. */
  readonly audit_reasons: ColumnType<string | null, string | null | undefined, string | null>;
  readonly state: ReviewState;
  readonly lease_holder: ColumnType<string | null, undefined, string | null>;
  readonly lease_until: NullableEpochMs;
  readonly label: ColumnType<RowLabel | null, undefined, RowLabel | null>;
  readonly labelled_by: ColumnType<string | null, undefined, string | null>;
  readonly labelled_at: NullableEpochMs;
  readonly created_at: EpochMs;
  /** Of the lease, which may hold many rows; means something only while the row is leased. */
  readonly lease_id: ColumnType<string | null, undefined, string | null>;
  /** Counts the decisions on this row. */
  readonly revision: ColumnType<number | string, undefined, number>;
  readonly unsure_count: ColumnType<number | string, undefined, number>;
  /** Generated: how far the probability is from one half; 0 where there is none. */
  readonly distance: ColumnType<number, never, never>;
  /** Generated: 0 for the audit sample, 1 for all others. */
  readonly audit_rank: ColumnType<number | string, never, never>;
  /** 0 before a batch has looked at the row, -1 where it belongs to none. */
  readonly campaign: ColumnType<number | string, undefined, number>;
  /** Lower for larger campaigns: minus the whole part of the binary logarithm of the members. */
  readonly campaign_rank: ColumnType<number | string, undefined, number>;
  /** The campaign's revision when the row joined it. */
  readonly campaign_revision: ColumnType<number | string, undefined, number>;
  /** How like the center it was then. */
  readonly campaign_score: ColumnType<number | null, undefined, number | null>;
  readonly campaign_run: ColumnType<number | string | null, undefined, number | null>;
  /** Minus the number of people who reported it. */
  readonly report_rank: ColumnType<number | string, undefined, number>;
}

export interface CampaignTable {
  readonly id: ColumnType<number | string, number, never>;
  readonly version: string;
  readonly revision: ColumnType<number | string, number, number>;
  readonly members: ColumnType<number | string, number, number>;
  readonly center: string;
  /** The campaign that it is part of by now; 0 where it is of an earlier version; null while it is one. */
  readonly merged_into: ColumnType<number | string | null, undefined, number | null>;
  readonly created_at: EpochMs;
  readonly changed_at: EpochMs;
}

/** Campaigns that a decision was made on. */
export interface DecisionCampaignTable {
  readonly id: RowId;
  readonly decision_id: ColumnType<number | string, number, never>;
  /** Follows a merge. */
  readonly campaign_id: ColumnType<number | string, number, number>;
}

/** Which process does a work that one at a time does. */
export interface WorkerLeaseTable {
  readonly name: string;
  readonly holder: string;
  readonly until: EpochMs;
  /** Counts the holders. */
  readonly epoch: ColumnType<number | string, number, number>;
}

export interface TrainingTable {
  readonly id: RowId;
  /** 1 is spam. */
  readonly class: 0 | 1;
  readonly message: string;
  readonly community: string;
  readonly source: string;
  readonly labelled_by: string | null;
  readonly labelled_at: NullableEpochMs;
  /** What its near-duplicates share, so that they stay on one side of a split. */
  readonly near_group: string | null;
  /** The review row that it was decided in; null for every other source. */
  readonly review_id: ColumnType<number | string | null, number | null | undefined, never>;
  /** Generated, and indexed: the beginnings of two columns that may be longer than a key. */
  readonly community_key: ColumnType<string, never, never>;
  readonly person_key: ColumnType<string | null, never, never>;
  /** The label step that imported it; null for every other source. Imported and labeled by nobody, it is unlabeled and its class 0. */
  readonly import_step: ColumnType<number | string | null, number | null | undefined, number | null>;
  /** Generated, and indexed: a value of `labelKeys`. */
  readonly label_key: ColumnType<number | string, never, never>;
}

/** Rows of `decision` and `decision_item` are never changed. */
export interface DecisionTable {
  readonly id: RowId;
  readonly label: DecisionLabel | null;
  readonly decided_by: string;
  readonly decided_at: EpochMs;
  readonly note: string | null;
  /** Unique: a decision is undone once. */
  readonly undoes: ColumnType<number | string | null, number | null, never>;
  /** Unique for one person. */
  readonly idempotency_key: string | null;
  /** Hex. */
  readonly request_sha256: string | null;
}

export interface DecisionItemTable {
  readonly id: RowId;
  readonly decision_id: ColumnType<number | string, number, never>;
  readonly review_id: ColumnType<number | string, number, never>;
  /** JSON of a `RowStatus`. */
  readonly before: string;
  readonly after: string;
  /** The review row's revision after it. */
  readonly revision: ColumnType<number | string, number, never>;
  /** The second opinion that the answer is for, which then changes nothing of the row. */
  readonly second_opinion: ColumnType<number | string | null, number | null | undefined, never>;
}

/** Training rows that a decision relabeled. Of a row, `before` alone is changed: by the undo of a label step that it names. */
export interface DecisionTrainingTable {
  readonly id: RowId;
  readonly decision_id: ColumnType<number | string, number, never>;
  readonly training_id: ColumnType<number | string, number, never>;
  /** JSON of a `TrainingStatus`. */
  readonly before: ColumnType<string, string, string>;
  readonly after: string;
}

/** Verdicts of decisions. Those that were published stay, so that the next one of the message knows what it amends. */
export interface OutboxTable {
  readonly id: RowId;
  readonly decision_id: ColumnType<number | string, number, never>;
  /** SHA-256 of community and message id, in hex. */
  readonly message_key: string;
  /** Counts the verdicts of a message, from 1. Unique with the message. */
  readonly sequence: ColumnType<number | string, number, never>;
  readonly scored_at: string;
  /** JSON. */
  readonly verdict: string;
  readonly created_at: EpochMs;
  readonly published_at: NullableEpochMs;
  /** Why the sink will never accept it. */
  readonly refusal: ColumnType<string | null, undefined, string | null>;
  readonly lease_holder: ColumnType<string | null, undefined, string | null>;
  readonly lease_until: NullableEpochMs;
  readonly attempts: ColumnType<number | string, undefined, number>;
}

export interface ModelTable {
  readonly version: string;
  readonly path: string;
  readonly status: ModelStatus;
  readonly true_positive_rate: number | null;
  readonly false_positive_rate: number | null;
  readonly manifest_sha256: string;
  /** JSON. */
  readonly figures: string;
  /** Who or what decided its status, and why. */
  readonly decided: string | null;
  readonly created_at: EpochMs;
  /** When it was last made active, and when last another was instead. */
  readonly activated_at: NullableEpochMs;
  readonly deactivated_at: NullableEpochMs;
}

/** Messages with what they were found to be, as the origin's programs exchange them. */
export interface MessageTable {
  readonly id: RowId;
  /** 1 is spam. */
  readonly spam: 0 | 1;
  readonly body: string;
  readonly community: Generated<string>;
  readonly message_id: Generated<string>;
  readonly created_at: ColumnType<number | string, number | undefined, number>;
}

/** Who did what. Rows are never changed. */
export interface ActivityTable {
  readonly id: RowId;
  readonly who: string;
  /** Read as it is: another version may have written others. */
  readonly what: ColumnType<string, ActivityKind, never>;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
  readonly when: EpochMs;
}

export interface SluiceDatabase {
  readonly review: ReviewTable;
  readonly training: TrainingTable;
  readonly messages: MessageTable;
  readonly models: ModelTable;
  readonly activity: ActivityTable;
  readonly decision: DecisionTable;
  readonly decision_item: DecisionItemTable;
  readonly decision_training: DecisionTrainingTable;
  readonly outbox: OutboxTable;
  readonly account: AccountTable;
  readonly session: SessionTable;
  readonly api_token: ApiTokenTable;
  readonly invitation: InvitationTable;
  readonly campaign: CampaignTable;
  readonly decision_campaign: DecisionCampaignTable;
  readonly worker_lease: WorkerLeaseTable;
  readonly second_opinion: SecondOpinionTable;
  readonly store_key: StoreKeyTable;
  readonly report: ReportTable;
  readonly label_step: LabelStepTable;
  readonly label_change: LabelChangeTable;
  readonly label_lease: LabelLeaseTable;
  readonly shadow_disagreement: ShadowDisagreementTable;
  readonly shadow_count: ShadowCountTable;
  readonly model_guard: ModelGuardTable;
  readonly retrain_run: RetrainRunTable;
}
