import type { Label } from '../../ports/labelled-messages.ts';

/** A message with its label and score. */
export interface LabeledScore {
  readonly text: string;
  readonly label: Label;
  readonly probability: number;
}

/** Keeps the messages of a stream whose scores are furthest on the wrong side, each text once. */
export class WorstErrors<Message extends LabeledScore> {
  readonly #most: number;
  readonly #isError: (message: Message) => boolean;
  /** The worst first. */
  #kept: Message[] = [];

  constructor(most: number, isError: (message: Message) => boolean) {
    this.#most = most;
    this.#isError = isError;
  }

  add(message: Message): void {
    if (!this.#isError(message)) return;
    const last = this.#kept[this.#most - 1];
    if (last !== undefined && wrongness(message) <= wrongness(last)) return;
    if (this.#kept.some(({ text }) => text === message.text)) return;
    // Of messages with one score, the first one stays in front.
    const at = this.#kept.findIndex((other) => wrongness(other) < wrongness(message));
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, message);
    this.#kept = this.#kept.slice(0, this.#most);
  }

  list(): readonly Message[] {
    return this.#kept;
  }
}

function wrongness({ label, probability }: LabeledScore): number {
  return label === 'spam' ? 1 - probability : probability;
}
