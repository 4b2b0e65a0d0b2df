/** The full-text index of the training table, to rank by. Throws `STORE_FAILED`. */
export interface LabelSearch {
  /**
   * Rows that share words with a text, the most relevant first by the index's own ranking; higher scores are more relevant, and mean
   * nothing else. Rows that steps removed are not found.
   */
  rank(
    words: readonly string[],
    limit: number,
  ): Promise<readonly { readonly id: number; readonly score: number }[]>;
}
