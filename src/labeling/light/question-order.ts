import type { RowLabel } from '../../core/decision.ts';
import { type KnownLabel, LightModel, probabilityOf } from './light-model.ts';
import type { LightPool } from './light-pool.ts';

/** Why a message is asked: it looks like spam; the model cannot say; it is the same question again, after an undo. */
export type Reason = 'like-spam' | 'uncertain' | 'again';

/** With fewer answers the model knows too little for its doubts to matter most. */
const COLD_ANSWERS = 100;
/** While that is so, this share of the questions is about what looks most like spam. */
const LIKE_SPAM = 0.5;
/** Answers between two fits of the model: first few, then more. */
const BATCH_WHEN_COLD = 5;
const BATCH = 10;
/** How much a message counts less that is like one that was chosen, and more that is like many. */
const APART = 1;
const DENSE_WHEN_COLD = 0.5;
const DENSE = 0.25;
/** Of the labels that are known when a session begins, so many are compared with. */
const COMPARED = 500;

export interface SelectionOptions {
  readonly seed: number;
  /** How many rows of the table have each text; 1 where left out. */
  readonly sizes?: readonly number[];
  readonly cold?: number;
  readonly likeSpam?: number;
  readonly batch?: number;
  readonly apart?: number;
  readonly dense?: number;
  readonly selfTraining?: number;
}

/**
 * Which message of a pool to ask about next. Below 100 answers, half of the questions are about what looks most like spam, by another model
 * and what was learned; the others, and all later ones, about what the model is least sure of. Both are spread: what is like an earlier question
 * comes later, what is like many others comes earlier. No message is returned twice, but after {@link forget}. The same calls give the same
 * messages. A question takes a pass over the features of the pool.
 */
export class QuestionOrder {
  readonly #pool: LightPool;
  readonly #options: Required<SelectionOptions>;
  readonly #known = new Map<number, KnownLabel>();
  /** Returned, known or skipped. */
  readonly #done: Uint8Array;
  /** By message: the highest cosine to those that were chosen. */
  readonly #highest: Float64Array;
  #model: LightModel;
  /** Log-odds of all messages by the model. */
  #odds: Float64Array;
  #answers = 0;
  #sinceFit = 0;
  #inBatch = 0;
  #compared = 0;

  constructor(pool: LightPool, options: SelectionOptions) {
    this.#pool = pool;
    this.#options = {
      ...{ sizes: [], cold: COLD_ANSWERS, likeSpam: LIKE_SPAM, batch: BATCH_WHEN_COLD, apart: APART },
      ...{ dense: DENSE_WHEN_COLD, selfTraining: 0, ...options },
    };
    this.#done = new Uint8Array(pool.size);
    this.#highest = new Float64Array(pool.size);
    this.#model = LightModel.fit(pool, [], options);
    this.#odds = new Float64Array(pool.size);
    this.refit();
  }

  get model(): LightModel {
    return this.#model;
  }

  get known(): readonly KnownLabel[] {
    return [...this.#known.values()];
  }

  /** Whether there are enough new answers for another fit. */
  get isDue(): boolean {
    return this.#sinceFit >= (this.#isCold ? this.#options.batch : BATCH);
  }

  /** A label of a message. */
  learn(row: number, label: RowLabel, weight?: number): void {
    this.#known.set(row, { row, label, ...(weight === undefined ? {} : { weight }) });
    if (weight === undefined) {
      this.#answers++;
      this.#sinceFit++;
    }
    if (this.#done[row] === 0) this.#compare(row);
    this.#done[row] = 1;
  }

  /** The message is not asked. */
  skip(row: number): void {
    this.#done[row] = 1;
  }

  /** The label was taken back; the message may be asked again. */
  forget(row: number): void {
    if (this.#known.delete(row)) this.#answers--;
    this.#done[row] = 0;
  }

  /** Fits the model to all labels, and each message's log-odds. */
  refit(): void {
    const { seed, selfTraining } = this.#options;
    this.#model = LightModel.fit(this.#pool, this.known, { seed, selfTraining });
    for (let row = 0; row < this.#odds.length; row++) this.#odds[row] = this.#model.logOdds(row);
    this.#sinceFit = 0;
    this.#inBatch = 0;
  }

  /** Of all messages, by the model that was fitted last. */
  get allLogOdds(): Float64Array {
    return this.#odds;
  }

  logOdds(row: number): number {
    return this.#odds[row]!;
  }

  probability(row: number): number {
    return probabilityOf(this.#odds[row]!);
  }

  /** Undefined where none is left. */
  next(): { readonly row: number; readonly reason: Reason } | undefined {
    const { batch, likeSpam } = this.#options;
    const isLikeSpam = this.#isCold && this.#inBatch % batch < likeSpam * batch;
    const row = this.#best(isLikeSpam);
    if (row < 0) return undefined;
    this.#inBatch++;
    this.#done[row] = 1;
    this.#compare(row);
    return { row, reason: isLikeSpam ? 'like-spam' : 'uncertain' };
  }

  get #isCold(): boolean {
    return this.#answers < this.#options.cold;
  }

  #best(isLikeSpam: boolean): number {
    const { density } = this.#pool;
    const { apart, dense, sizes } = this.#options;
    const power = this.#isCold ? dense : Math.min(dense, DENSE);
    let best = -1;
    let highest = -1;
    for (let row = 0; row < this.#done.length; row++) {
      if (this.#done[row] === 1) continue;
      const odds = this.#odds[row]!;
      let use = isLikeSpam ? probabilityOf(odds) : 1 / (1 + Math.abs(odds));
      use *= (1 - Math.min(1, this.#highest[row]!) + 1e-3) ** apart;
      if (power > 0) use *= density[row]! ** power;
      const size = sizes[row] ?? 1;
      if (size > 1) use *= 1 + Math.log2(size);
      if (use > highest) {
        highest = use;
        best = row;
      }
    }
    return best;
  }

  #compare(row: number): void {
    if (this.#compared++ < COMPARED || this.#answers < COMPARED)
      this.#pool.raiseToSimilarity(this.#highest, row);
  }
}
