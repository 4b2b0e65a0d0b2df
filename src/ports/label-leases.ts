/** How long a claim lasts unless it is renewed. */
export const LABEL_LEASE_SECONDS = 120;
/** Rows of one claim. */
export const MAX_CLAIMED_ROWS = 200;

/** Which rows of the training table somebody is asked about now, so that nobody else is. Throws `STORE_FAILED`. */
export interface LabelLeases {
  /**
   * Holds these rows for this process, for {@link LABEL_LEASE_SECONDS}: all of them, or none where another process has one. Returns
   * whether it holds them. Rows that it has already are held for longer. At most {@link MAX_CLAIMED_ROWS}.
   */
  claim(rows: readonly number[]): Promise<boolean>;
  /** Gives rows back that this process holds. */
  release(rows: readonly number[]): Promise<void>;
}
