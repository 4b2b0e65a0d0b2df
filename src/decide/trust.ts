import type { TrustBlock } from '../core/model-manifest.ts';

/** How far a message's log-odds are trusted, by what the model knows of its words; see `trustSchema`. */
export class Trust {
  /** By number of known words, up to the last step. */
  readonly #byWords: Float64Array;
  readonly #share: TrustBlock['share'];
  /** Of a message of which the most is known, as of nearly all. */
  readonly #full: number;

  constructor({ words, share }: TrustBlock) {
    const last = Math.ceil(words.at(-1)!.from);
    this.#byWords = Float64Array.from({ length: last + 1 }, (_, known) => factorOf(words, known));
    this.#share = share;
    this.#full = words.at(-1)!.trust * share.at(-1)!.trust;
  }

  /** `known`: known words; `share`: of known words among all, 0 … 1. The result is above 0 and at most 1. */
  of(known: number, share: number): number {
    if (known >= this.#byWords.length && share >= this.#share.at(-1)!.from) return this.#full;
    return this.#byWords[Math.min(known, this.#byWords.length - 1)]! * factorOf(this.#share, share);
  }
}

function factorOf(steps: TrustBlock['share'], value: number): number {
  let at = steps.length - 1;
  while (at > 0 && value < steps[at]!.from) at--;
  return steps[at]!.trust;
}
