import type { CommunityPolicy } from '../src/core/decision-policy.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';

/** The readable messages of a batch, as the stages ask for them. */
export interface RowSource {
  readonly size: number;
  thresholdsOf(row: number): CommunityPolicy;
  /** The text without its obfuscation; may be a passing one, see `Featurizer.isPassing`, unless it is to be `lasting`. */
  prepare(row: number, featurizer: Featurizer, lasting?: boolean): PreparedText;
}

/** One message that is given as a string. */
export interface Row {
  readonly text: string;
  /** Of the message, else of its community; the model's default where undefined. */
  readonly language: string | undefined;
  readonly thresholds: CommunityPolicy;
}

/** A list of such messages. */
export class ListedRows implements RowSource {
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  get size(): number {
    return this.#rows.length;
  }

  thresholdsOf(row: number): CommunityPolicy {
    return this.#rows[row]!.thresholds;
  }

  prepare(row: number, featurizer: Featurizer): PreparedText {
    const { text, language } = this.#rows[row]!;
    return featurizer.prepare(text, language);
  }
}
