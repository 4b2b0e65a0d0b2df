/** A column whose words can be searched for, whatever their case. */
export interface SearchedColumn {
  /** Of the index, and of what belongs to it. */
  readonly name: string;
  readonly table: string;
  readonly column: string;
  /** The column has the type `searched`, and `createTextIndex` made the index: no copy of the text is needed. */
  readonly isIndexed?: true;
}

export const reviewSearch: SearchedColumn = { name: 'review_words', table: 'review', column: 'message' };
/** The name of its table is a setting. */
export const trainingSearch: SearchedColumn = {
  ...{ name: 'training_text', table: 'training', column: 'message', isIndexed: true },
};
