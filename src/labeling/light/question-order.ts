import type { RowLabel } from '../../core/decision.ts';
import { mix } from '../../text/similarity/mix.ts';
import { type KnownLabel, LightModel, probabilityOf } from './light-model.ts';
import type { LightPool } from './light-pool.ts';

/** Why a message is asked: nothing like it was asked; the model cannot say; it is the same question again, after an undo. */
export type Reason = 'new-kind' | 'uncertain' | 'again';

/** Below so many answers the model is fitted more often, and what is spread widely matters more. */
const COLD_ANSWERS = 100;
/** Answers between two fits of the model. */
const BATCH_WHEN_COLD = 2;
const BATCH = 10;
/** How much a message counts less that is like one that was chosen, and more that is like many: powers of one minus the cosine, and of it. */
const APART = 2;
const DENSE_WHEN_COLD = 0.5;
const DENSE = 0.25;
/** Of the labels that are there when a session begins, so many are compared with. */
const COMPARED = 50;
/** What a message counts more for one person than for another, at most. */
const OWN_TASTE = 0.25;
/** Nothing like it was asked: its highest cosine is below this. */
const NEW_KIND = 0.15;

export interface SelectionOptions {
  readonly seed: number;
  /** How many rows of the table have each text; 1 where left out. */
  readonly sizes?: readonly number[];
  /** Two people with different numbers are asked in different orders; 0, and left out, for none in particular. */
  readonly person?: number;
}

/**
 * Which message of a pool to ask about next: one that the model is unsure of, by another model and what was learned; that is like no earlier
 * question; and that is like many messages. The model is fitted again every few answers. No message is returned twice, but after {@link forget}.
 * The same calls give the same messages. A question takes a pass over the features of the pool.
 */
export class QuestionOrder {
  readonly #pool: LightPool;
  readonly #options: SelectionOptions;
  readonly #known = new Map<number, KnownLabel>();
  /** Returned, known or skipped. */
  readonly #done: Uint8Array;
  /** By message: the highest cosine to those that were chosen. */
  readonly #highest: Float64Array;
  /** By message: the log-odds of the model. */
  readonly #odds: Float64Array;
  #model: LightModel;
  #answers = 0;
  #sinceFit = 0;
  #compared = 0;

  constructor(pool: LightPool, options: SelectionOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#done = new Uint8Array(pool.size);
    this.#highest = new Float64Array(pool.size);
    this.#odds = new Float64Array(pool.size);
    this.#model = LightModel.fit(pool, [], options);
    this.refit();
  }

  get model(): LightModel {
    return this.#model;
  }

  get known(): readonly KnownLabel[] {
    return [...this.#known.values()];
  }

  /** Labels of people. */
  get answers(): number {
    return this.#answers;
  }

  /** Whether there are enough new answers for another fit. */
  get isDue(): boolean {
    return this.#sinceFit >= (this.#isCold ? BATCH_WHEN_COLD : BATCH);
  }

  /** Of all messages, by the model that was fitted last. */
  get allLogOdds(): Float64Array {
    return this.#odds;
  }

  /** A label of a message; `weight` for one that is not a person's: see {@link KnownLabel}. */
  learn(row: number, label: RowLabel, weight?: number): void {
    this.#unlearn(row);
    this.#known.set(row, { row, label, ...(weight === undefined ? {} : { weight }) });
    if (weight === undefined) {
      this.#answers++;
      this.#sinceFit++;
    }
    // What was returned was compared with.
    if (this.#done[row] === 0 && this.#compared++ < COMPARED)
      this.#pool.raiseToSimilarity(this.#highest, row);
    this.#done[row] = 1;
  }

  /** Whether the message may still be returned. */
  isOpen(row: number): boolean {
    return this.#done[row] === 0;
  }

  /** The message is not asked. */
  skip(row: number): void {
    this.#done[row] = 1;
  }

  /** The label was taken back; the message may be asked again. */
  forget(row: number): void {
    this.#unlearn(row);
    this.#done[row] = 0;
  }

  /** Fits the model to all labels. */
  refit(): void {
    this.#model = LightModel.fit(this.#pool, this.known, this.#options);
    for (let row = 0; row < this.#odds.length; row++) this.#odds[row] = this.#model.logOdds(row);
    this.#sinceFit = 0;
  }

  /** By the model that was fitted last. */
  probability(row: number): number {
    return probabilityOf(this.#odds[row]!);
  }

  /** Undefined where none is left. */
  next(): { readonly row: number; readonly reason: Reason } | undefined {
    const row = this.#best();
    if (row < 0) return undefined;
    const reason = this.#highest[row]! < NEW_KIND ? 'new-kind' : 'uncertain';
    this.#done[row] = 1;
    this.#pool.raiseToSimilarity(this.#highest, row);
    return { row, reason };
  }

  get #isCold(): boolean {
    return this.#answers < COLD_ANSWERS;
  }

  #unlearn(row: number): void {
    const known = this.#known.get(row);
    if (known !== undefined && known.weight === undefined) this.#answers--;
    this.#known.delete(row);
  }

  #best(): number {
    const { density } = this.#pool;
    const { sizes = [], person = 0 } = this.#options;
    const power = this.#isCold ? DENSE_WHEN_COLD : DENSE;
    let best = -1;
    let highest = -1;
    for (let row = 0; row < this.#done.length; row++) {
      if (this.#done[row] === 1) continue;
      const apart = 1 - Math.min(1, this.#highest[row]!) + 1e-3;
      let use = apart ** APART / (1 + Math.abs(this.#odds[row]!));
      use *= density[row]! ** power;
      // What many rows have is worth more, to a factor of some.
      use *= 1 + Math.log2(sizes[row] ?? 1);
      if (person !== 0) use *= 1 + OWN_TASTE * ((mix(row ^ person) >>> 0) / 2 ** 32);
      if (use > highest) {
        highest = use;
        best = row;
      }
    }
    return best;
  }
}
