import type { RowLabel } from '../core/decision.ts';
import type { Page, QueueItem } from './queue-item.ts';

/** Members that one decision covers at most; see docs/decisions/0125. */
export const MAX_CAMPAIGN_MEMBERS = 50_000;

/** A group of messages of one template, as people see it. */
export interface Campaign {
  readonly id: number;
  /** Counts how often members joined; names what somebody saw. */
  readonly revision: number;
  /** All that ever joined. */
  readonly members: number;
  /** Members that wait, those that somebody holds included. */
  readonly open: number;
  /** Different senders of the open ones, and how many of them have none. */
  readonly senders: number;
  readonly without_sender: number;
  /** Of the open members; null where none has one. */
  readonly probability_min: number | null;
  readonly probability_max: number | null;
  /** Of the last decision on the whole campaign that was not taken back. It decides nothing for later members. */
  readonly label: RowLabel | null;
  readonly decided_by: string | null;
  /** Epoch milliseconds. */
  readonly decided_at: number | null;
  readonly created_at: number;
  readonly changed_at: number;
}

/** A center as the store keeps it; what `text` means, the version says. */
export interface StoredCenter {
  readonly id: number;
  readonly revision: number;
  readonly text: string;
}

/** What one batch of the assignment changes. */
export interface CampaignBatch {
  readonly version: string;
  readonly rows: readonly {
    readonly review_id: number;
    /** The text that was placed: a row that has another one by now is left for a later batch. */
    readonly message: string;
    /** Null for a message that has too few words to belong to any. */
    readonly campaign: number | null;
    readonly score: number;
    readonly foreignRun: number;
  }[];
  readonly changed: readonly (StoredCenter & {
    readonly members: number;
    /** Members when it was written before; 0 for a new one. */
    readonly before: number;
  })[];
  /** In order; the second one is among `changed`. */
  readonly merged: readonly (readonly [from: number, into: number])[];
}

/** Campaigns of the review queue. Throws `STORE_FAILED`, and `USAGE` for a cursor that it did not return. */
export interface CampaignStore {
  /**
   * Makes `holder` the one process that assigns, for another minute. Returns a number that stays the same as long as nobody else was it
   * in between; undefined while somebody else is.
   */
  holdAssignment(holder: string): Promise<number | undefined>;
  /** Lets others assign at once. */
  releaseAssignment(holder: string): Promise<void>;
  /** Open rows of campaigns of another version are unassigned again. For the holder. */
  forgetOtherVersions(version: string): Promise<void>;
  /** Centers in the order of their ids. Single messages that were decided are removed on the way. For the holder. */
  centers(query: { readonly version: string; readonly after: number; readonly limit: number }): Promise<{
    readonly items: readonly StoredCenter[];
    /** Of all campaigns so far, also of those that are none any more: ids are used once. */
    readonly highest: number;
    readonly next: number | null;
  }>;
  /** Open rows that no batch has looked at, oldest first. */
  unassigned(limit: number): Promise<readonly { readonly id: number; readonly message: string }[]>;
  /** Writes a batch, or nothing where another process is the holder by now: then returns false. */
  assign(holder: string, epoch: number, batch: CampaignBatch): Promise<boolean>;

  /** Campaigns of at least two members of which one is open, those of the most members first. */
  list(query: { readonly after?: string; readonly limit: number }): Promise<Page<Campaign>>;
  /** Follows merges. Undefined where there is no such campaign. */
  get(id: number): Promise<(Campaign & { readonly center: StoredCenter }) | undefined>;
  /** Open members that may be unlike the others: some of the lowest scores and probabilities, longest foreign runs, and newest ones. */
  unlikely(id: number, ofEach: number): Promise<readonly QueueItem[]>;
}

/** Why a message is in the sample. */
export const sampleReasons = ['foreign_words', 'least_like', 'lowest_probability', 'newest'] as const;
export type SampleReason = (typeof sampleReasons)[number];

export interface SampledMessage {
  readonly item: QueueItem;
  /** Why it is shown. */
  readonly because: SampleReason;
  /** How like the center it is; from 8 on it belongs to the campaign. */
  readonly score: number;
  /** Length of the longest run of words that are not the campaign's. */
  readonly foreign_words: number;
}

export interface SampledCampaign extends Campaign {
  /** Each message once. */
  readonly sample: readonly SampledMessage[];
  /** Lowest and highest score of the messages that were compared. */
  readonly score_min: number | null;
  readonly score_max: number | null;
}

/** Campaigns as people see them before they decide. Throws what `CampaignStore` throws. */
export interface CampaignViews {
  list: CampaignStore['list'];
  /**
   * A campaign with the members that are most likely to be something else: a harmless message on the same template is among them. One
   * that has become part of another is answered by that one; undefined where there is none.
   */
  show(id: number): Promise<SampledCampaign | undefined>;
}
