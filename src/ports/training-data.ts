import type { RowLabel } from '../core/decision.ts';

/** A message of a table with its label. */
export interface TableMessage {
  readonly id: number;
  readonly message: string;
  readonly community: string;
  readonly label: RowLabel;
  /** When it was labeled, epoch milliseconds; null where that is not known. */
  readonly at: number | null;
  /** What its near-duplicates share; null where none is named. */
  readonly nearGroup: string | null;
}

/** A message that users reported and nobody decided. */
export interface ReportedMessage {
  /** Of the review row. */
  readonly id: number;
  readonly message: string;
  readonly community: string;
  /** When it was first reported, epoch milliseconds. */
  readonly at: number;
  /** Who reported it, each once, as hashes of their names. */
  readonly reporters: readonly string[];
}

/** Ascending by id, from after `after`. */
export interface PageOf {
  readonly after: number;
  readonly limit: number;
}

/** One page; `next`: the id after which the next one begins, undefined where the table ends. A page may have no rows and a next one. */
export interface DataPage<T> {
  readonly rows: readonly T[];
  readonly next: number | undefined;
}

/** What models are trained on, in the tables of the store, to be read once from front to back. Throws `STORE_FAILED`. */
export interface TrainingData {
  /** Rows of the training table that a person, a label step or an earlier program labeled. */
  labeled(page: PageOf): Promise<DataPage<TableMessage>>;
  /** The table `messages`. Throws `DATA_INVALID` where it has not the columns `id`, `spam` and `body`. */
  messages(page: PageOf): Promise<DataPage<TableMessage>>;
  reported(page: PageOf): Promise<DataPage<ReportedMessage>>;
  /** How many people have reported anything, decided or not. */
  reporters(): Promise<number>;
  close(): Promise<void>;
}
