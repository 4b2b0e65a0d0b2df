import type { WindowsBlock } from '../src/core/model-manifest.ts';
import { bandOf } from '../src/decide/reject-option.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import { type CountedWords, type TextWindow, trimmedEnd, WindowSearch } from '../src/text/window-search.ts';
import type { RowSource } from './row-source.ts';
import type { ScoredRows } from './scored-rows.ts';
import { type EvaluateOptions, exactScoresOf } from './scoring-pass.ts';
import { BLANK } from './stage-runner.ts';
import { type Line, WindowRows } from './window-rows.ts';

/** What is to be scored of a message beside the whole. */
interface Parts {
  readonly row: number;
  /** Words of the message. */
  readonly words: number;
  readonly windows: readonly TextWindow[];
  readonly mayHide: boolean;
}

/** Chooses the parts of the messages of a batch that are scored as well as the whole; see `windowsSchema`. */
export class MessageWindows {
  readonly #block: WindowsBlock;
  readonly #search: WindowSearch;
  #found: Parts[] = [];

  /** `strengths`: by id of the words. */
  constructor(block: WindowsBlock, strengths: Float32Array) {
    this.#block = block;
    this.#search = new WindowSearch(strengths, block.words, block.least, block.parts);
  }

  /** Forgets the batch before. */
  begin(): void {
    this.#found = [];
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /** Searches a message whose words were just counted. */
  look(row: number, words: CountedWords): void {
    const { size, mayHide } = words.units;
    if (size < this.#block.from) return;
    const windows = this.#search.find(words);
    if (windows.length > 0 || mayHide) this.#found.push({ row, words: size, windows, mayHide });
  }

  /** Cuts the parts that can still change what is known of their message. `result`: of the whole messages. */
  cut(rows: RowSource, result: ScoredRows, featurizer: Featurizer, options: EvaluateOptions): WindowRows {
    const parts = new WindowRows(rows);
    for (const { row, words, windows, mayHide } of this.#found) {
      if (result.unscorable[row] === 1 || result.endedAt[row] === BLANK) continue;
      const thresholds = rows.thresholdsOf(row);
      const bias = thresholds.bias ?? 0;
      const isSpam =
        exactScoresOf(options, row) === 'none' && bandOf(result.lowest[row]!, thresholds) === 'spam';
      let prepared: PreparedText | undefined;
      const wanted = ({ most }: Line): boolean => {
        if (most <= result.lowest[row]!) return false;
        // The band is certain, but the probability may be higher than that of the whole.
        if (isSpam) result.highest[row] = Math.max(result.highest[row]!, most);
        else prepared ??= lasting(row, rows, result, featurizer);
        return !isSpam;
      };
      for (const window of windows) {
        const line = this.#lineOf(words, window.words, bias);
        if (!wanted(line)) continue;
        const end = trimmedEnd(prepared!.text, window.start, window.end);
        parts.add(row, featurizer.part(prepared!, window.start, end), line);
      }
      // It is what the reader sees, and not one of many: nothing is subtracted.
      const line = { slope: 1, offset: bias, most: 1 };
      if (!mayHide || !wanted(line)) continue;
      const visible = featurizer.visible(prepared!);
      if (visible !== null) parts.add(row, visible, line);
    }
    return parts;
  }

  #lineOf(words: number, wordsOfPart: number, bias: number): Line {
    const { slope, shift, perDoubling, most } = this.#block;
    return { slope, offset: bias - shift - perDoubling * Math.log2(words / wordsOfPart), most };
  }
}

/** The message's text in a form that outlasts the next. */
function lasting(row: number, rows: RowSource, result: ScoredRows, featurizer: Featurizer): PreparedText {
  result.prepared[row] ??= rows.prepare(row, featurizer, true);
  return result.prepared[row];
}
