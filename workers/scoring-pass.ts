import type { ExactScores } from '../src/core/decision-policy.ts';
import type { RowOdds } from '../src/decide/row-odds.ts';
import type { RowSource } from './row-source.ts';
import type { ScoredRows } from './scored-rows.ts';

export interface EvaluateOptions {
  readonly exactScores: ExactScores;
  /** Rows that get an exact probability in any case. */
  readonly exactRows?: ReadonlyMap<number, unknown>;
  /** Keep each base model's value. */
  readonly keepBaseModels: boolean;
  /** Score no parts of a message beside the whole: what training computes. */
  readonly wholeOnly?: boolean;
}

/** Who gets an exact probability in the row. */
export function exactScoresOf({ exactScores, exactRows }: EvaluateOptions, row: number): ExactScores {
  return exactRows?.has(row) === true ? 'all' : exactScores;
}

/** One run of all stages over rows: whole messages, or parts of them. */
export interface Pass {
  readonly rows: RowSource;
  readonly options: EvaluateOptions;
  readonly result: ScoredRows;
  /** Of the base models known so far. */
  readonly logOdds: Float64Array;
  /** Of the blocks of the open forest run so far. */
  readonly treeSum: Float64Array;
  readonly odds: RowOdds;
  /** Called once the words of a row are counted, before any graph has run. */
  readonly onWords: (row: number) => void;
}
