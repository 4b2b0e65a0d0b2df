import { sampleMessages } from '../../src/training/sample-messages.ts';

const POOL = 2_000;
const COMMUNITIES = 16;
const SEED = 7;

/** Synthetic messages of a load; which of them are spam follows from their number alone. */
export class LoadMessages {
  readonly #prefix: string;
  readonly #spamShare: number;
  readonly #ham: readonly string[];
  readonly #spam: readonly string[];

  /** `run`: distinguishes the ids of this load from others. `length`: characters of each text; by default as generated. */
  constructor(run: string, spamShare: number, length?: number) {
    this.#prefix = `load-${run}-`;
    this.#spamShare = spamShare;
    this.#ham = bodies(0, length);
    this.#spam = bodies(1, length);
  }

  isSpam(i: number): boolean {
    return Math.floor((i + 1) * this.#spamShare) > Math.floor(i * this.#spamShare);
  }

  /** How many of the first `count` are spam. */
  spamAmong(count: number): number {
    return Math.floor(count * this.#spamShare);
  }

  valueOf(i: number): string {
    const pool = this.isSpam(i) ? this.#spam : this.#ham;
    return `${pool[i % pool.length]!}"community":"load-${i % COMMUNITIES}","message_id":"${this.#prefix}${i}"}`;
  }

  /** The number of the message that a verdict or a line of the trace is about; undefined for those of others. */
  numberIn(value: Buffer): number | undefined {
    const at = value.indexOf(this.#prefix);
    if (at < 0) return undefined;
    const from = at + this.#prefix.length;
    let end = from;
    while (value[end]! >= 0x30 && value[end]! <= 0x39) end++;
    return end === from ? undefined : Number(value.toString('latin1', from, end));
  }
}

/** The beginning of a message's JSON, up to where its ids follow. */
function bodies(spam: 0 | 1, length: number | undefined): string[] {
  const texts = [...sampleMessages({ count: POOL, spam, seed: SEED, language: 'en', obfuscated: 0 })].map(
    ({ message }) => message,
  );
  return texts.map((text, i) => {
    let whole = text;
    if (length !== undefined) {
      for (let next = i + 1; whole.length < length; next++) whole += ` ${texts[next % texts.length]!}`;
      whole = whole.slice(0, length);
    }
    return `{"message":${JSON.stringify(whole)},`;
  });
}
