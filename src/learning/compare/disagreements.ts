import type { HeldOutMessage, PairedScore } from '../held-out.ts';

/** A message that two models score differently. */
export interface Disagreement {
  readonly text: string;
  /** Null where nobody labeled the message. */
  readonly label: HeldOutMessage['label'] | null;
  readonly community: string;
  readonly language: string;
  /** Probabilities of spam. */
  readonly champion: number;
  readonly challenger: number;
}

/** The messages of a stream whose scores differ most; holds twice as many as asked for. */
export class MostDisagreed {
  readonly #most: number;
  #kept: Disagreement[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add({ text }: HeldOutMessage, { label, community, language, champion, challenger }: PairedScore): void {
    if (this.#most === 0 || !(Math.abs(champion - challenger) > 0)) return;
    this.#kept.push({ text, label, community, language, champion, challenger });
    if (this.#kept.length >= 2 * this.#most) this.#kept = [...this.list()];
  }

  /** The greatest difference first; those of equal difference as they came. */
  list(): readonly Disagreement[] {
    return this.#kept
      .toSorted((a, b) => Math.abs(b.champion - b.challenger) - Math.abs(a.champion - a.challenger))
      .slice(0, this.#most);
  }
}
