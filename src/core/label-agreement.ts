/** Labels of the training table that were compared with a labeled file. */
export interface LabelAgreement {
  /** Spam in both; spam in the table alone; spam in the file alone; ham in both. */
  readonly true_spam: number;
  readonly false_spam: number;
  readonly false_ham: number;
  readonly true_ham: number;
  /** Of what the table has as spam, the share that the file has; null where the table has none. */
  readonly precision: number | null;
  /** Of what the file has as spam and the table has labeled, the share that the table has as spam. */
  readonly recall: number | null;
  /** Matthews correlation; null where one class is missing. */
  readonly mcc: number | null;
}

/** What `sluice label stats --truth FILE` prints of the comparison. */
export interface TruthReport extends LabelAgreement {
  readonly file: string;
  /** Rows of the file that have a label, and their different texts. */
  readonly rows: number;
  readonly texts: number;
  /** Texts that the file has as spam and as ham; they are not compared. */
  readonly contradictory: number;
  /** Texts of the file that no row of the table has: never imported, or removed as duplicates. */
  readonly missing: number;
  /** Rows of the table whose text the file does not have. */
  readonly unknown: number;
  /** Unlabeled rows of the table, by what the file has. */
  readonly unlabeled: { readonly spam: number; readonly ham: number };
  /** By who labeled the row. */
  readonly by: Readonly<Record<string, LabelAgreement>>;
}
