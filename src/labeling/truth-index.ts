import type { RowLabel } from '../core/decision.ts';
import type { LabelAgreement } from '../core/label-agreement.ts';
import { sha256Of } from '../core/sha256.ts';

const FIRST_SIZE = 1024;
/** Of a text's hash; two of 10 million texts have the same with a chance of one in 100,000. */
const HASH_DIGITS = 15;
const encoder = new TextEncoder();

export type TruthAnswer = RowLabel | 'contradictory' | undefined;

/** Labels by text in 9 bytes for each: a file of millions fits in memory. Add all, then ask. */
export class TruthIndex {
  /** The hash, and below it one bit for the label. */
  #entries = new BigUint64Array(FIRST_SIZE);
  #size = 0;
  #found = new Uint8Array(0);
  #isSorted = false;

  get rows(): number {
    return this.#size;
  }

  add(text: string, label: RowLabel): void {
    if (this.#size === this.#entries.length) {
      const larger = new BigUint64Array(2 * this.#size);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[this.#size++] = (hashOf(text) << 1n) | (label === 'spam' ? 1n : 0n);
    this.#isSorted = false;
  }

  /** What the file has for a text, which counts as found from then on. */
  ask(text: string): TruthAnswer {
    this.#sort();
    const hash = hashOf(text);
    const first = this.#firstFrom(hash << 1n);
    const last = this.#firstFrom((hash + 1n) << 1n);
    if (first === last) return undefined;
    this.#found[first] = 1;
    const isAlsoHam = (this.#entries[first]! & 1n) === 0n;
    const isAlsoSpam = (this.#entries[last - 1]! & 1n) === 1n;
    return isAlsoHam && isAlsoSpam ? 'contradictory' : isAlsoSpam ? 'spam' : 'ham';
  }

  /** Different texts, those that have both labels, and those that nobody has asked for. */
  counts(): { readonly texts: number; readonly contradictory: number; readonly missing: number } {
    this.#sort();
    let [texts, contradictory, missing] = [0, 0, 0];
    for (let first = 0, next = 0; first < this.#size; first = next) {
      const hash = this.#entries[first]! >> 1n;
      next = first + 1;
      while (next < this.#size && this.#entries[next]! >> 1n === hash) next++;
      texts++;
      if (this.#entries[first] !== this.#entries[next - 1]) contradictory++;
      if (this.#found[first] === 0) missing++;
    }
    return { texts, contradictory, missing };
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#entries.subarray(0, this.#size).sort();
    this.#found = new Uint8Array(this.#size);
    this.#isSorted = true;
  }

  /** The first entry that is not below. */
  #firstFrom(entry: bigint): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]! < entry) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function hashOf(text: string): bigint {
  return BigInt(`0x${sha256Of(encoder.encode(text)).slice(0, HASH_DIGITS)}`);
}

/** A table of labels and what they should have been. */
export class AgreementCounts {
  readonly #counts = { true_spam: 0, false_spam: 0, false_ham: 0, true_ham: 0 };

  add(label: RowLabel, truth: RowLabel): void {
    if (label === 'spam') this.#counts[truth === 'spam' ? 'true_spam' : 'false_spam']++;
    else this.#counts[truth === 'spam' ? 'false_ham' : 'true_ham']++;
  }

  agreement(): LabelAgreement {
    const { true_spam: tp, false_spam: fp, false_ham: fn, true_ham: tn } = this.#counts;
    const ratio = (part: number, all: number) => (all === 0 ? null : part / all);
    // Roots one by one: the product of four counts of millions is no longer exact.
    const scale = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
    return {
      ...this.#counts,
      precision: ratio(tp, tp + fp),
      recall: ratio(tp, tp + fn),
      mcc: ratio(tp * tn - fp * fn, scale),
    };
  }
}
