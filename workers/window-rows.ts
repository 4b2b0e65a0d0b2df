import type { CommunityPolicy } from '../src/core/decision-policy.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import type { RowSource } from './row-source.ts';
import type { ScoredRows } from './scored-rows.ts';

/** Log-odds z of a part count as slope · z + offset, and its probability is at most `most`. */
export interface Line {
  readonly slope: number;
  readonly offset: number;
  readonly most: number;
}

/** Parts of messages, as rows of their own. */
export class WindowRows implements RowSource {
  readonly #messages: RowSource;
  readonly #owners: number[] = [];
  readonly #prepared: PreparedText[] = [];
  readonly #lines: Line[] = [];

  constructor(messages: RowSource) {
    this.#messages = messages;
  }

  get size(): number {
    return this.#owners.length;
  }

  /** Adds a part of the message `owner`. */
  add(owner: number, prepared: PreparedText, line: Line): void {
    this.#owners.push(owner);
    this.#prepared.push(prepared);
    this.#lines.push(line);
  }

  /** The row of the message among the messages. */
  ownerOf(row: number): number {
    return this.#owners[row]!;
  }

  lineOf(row: number): Line {
    return this.#lines[row]!;
  }

  thresholdsOf(row: number): CommunityPolicy {
    return this.#messages.thresholdsOf(this.#owners[row]!);
  }

  prepare(row: number, _featurizer: Featurizer): PreparedText {
    return this.#prepared[row]!;
  }

  /**
   * Makes each message's probability the highest of its parts and the whole, and so the bounds. `result`: of the parts; `messages`: of
   * the whole messages, changed.
   */
  merge(result: ScoredRows, messages: ScoredRows): void {
    messages.windowFeatures = result.features;
    for (let row = 0; row < this.size; row++) {
      const owner = this.ownerOf(row);
      if (result.unscorable[row] === 1) {
        messages.unscorable[owner] = 1;
        messages.probability[owner] = Number.NaN;
        continue;
      }
      if (result.highest[row]! > messages.highest[owner]!) {
        messages.highest[owner] = result.highest[row]!;
        messages.window[owner] = row;
      }
      messages.lowest[owner] = Math.max(messages.lowest[owner]!, result.lowest[row]!);
      messages.probability[owner] =
        messages.lowest[owner] === messages.highest[owner] ? messages.highest[owner]! : Number.NaN;
    }
  }
}
