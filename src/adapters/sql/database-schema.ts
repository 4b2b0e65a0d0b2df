import type { ColumnType, Generated } from 'kysely';
import type { ModelStatus } from '../../ports/model-registry.ts';
import type { ReviewOrigin, ReviewState } from '../../ports/review-store.ts';

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
  readonly inclusion_probability: ColumnType<number | null, number | null | undefined, never>;
  readonly state: ReviewState;
  readonly lease_holder: ColumnType<string | null, undefined, string | null>;
  readonly lease_until: NullableEpochMs;
  readonly label: ColumnType<'spam' | 'ham' | null, undefined, 'spam' | 'ham' | null>;
  readonly labelled_by: ColumnType<string | null, undefined, string | null>;
  readonly labelled_at: NullableEpochMs;
  readonly created_at: EpochMs;
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
  readonly what: string;
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
}
