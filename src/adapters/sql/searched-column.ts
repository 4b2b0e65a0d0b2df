/** A column whose words can be searched for, whatever their case. */
export interface SearchedColumn {
  /** Of the index, and of what belongs to it. */
  readonly name: string;
  readonly table: string;
  readonly column: string;
}

export const reviewSearch: SearchedColumn = { name: 'review_words', table: 'review', column: 'message' };
