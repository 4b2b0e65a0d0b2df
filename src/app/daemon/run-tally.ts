import type { BatchStatistics } from '../../core/scored-batch.ts';

const WINDOW_SECONDS = 5;

/** Counts of a run, for people who watch it. */
export class RunTally {
  #ham = 0;
  #review = 0;
  #spam = 0;
  #deadLetters = 0;
  #pulled = 0;
  #steps = 0;
  #state = 'starting';
  #spoolFullness = 0;
  /** Messages settled and when, over the last few seconds. */
  #recent: { readonly at: number; readonly messages: number }[] = [];

  /** Anything that shows that work moves. */
  step(): void {
    this.#steps++;
  }

  /** How often {@link step} was called. */
  get steps(): number {
    return this.#steps;
  }

  batchPulled(messages: number): void {
    this.#pulled += messages;
  }

  batchScored(statistics: BatchStatistics): void {
    this.#ham += statistics.ham;
    this.#review += statistics.review;
    this.#spam += statistics.spam;
    const messages = statistics.ham + statistics.review + statistics.spam + statistics.unreadable;
    this.#recent.push({ at: performance.now(), messages });
    this.#forget();
  }

  messagesDeadLettered(count: number): void {
    this.#deadLetters += count;
  }

  spoolMeasured(fullness: number): void {
    this.#spoolFullness = fullness;
  }

  /** Share of the review spool that is used, 0 to 1. */
  get spoolFullness(): number {
    return this.#spoolFullness;
  }

  stateEntered(state: string): void {
    this.#state = state;
  }

  get counts() {
    return {
      state: this.#state,
      read: this.#ham + this.#review + this.#spam + this.#deadLetters,
      pulled: this.#pulled,
      ham: this.#ham,
      review: this.#review,
      spam: this.#spam,
      deadLetters: this.#deadLetters,
    };
  }

  /** Over the last five seconds, or since the first batch if that is more recent. */
  get perSecond(): number {
    this.#forget();
    const first = this.#recent[0];
    if (first === undefined) return 0;
    const seconds = Math.max(0.25, (performance.now() - first.at) / 1000);
    return this.#recent.reduce((sum, { messages }) => sum + messages, 0) / seconds;
  }

  #forget(): void {
    const oldest = performance.now() - WINDOW_SECONDS * 1000;
    let stale = 0;
    while (stale < this.#recent.length && this.#recent[stale]!.at < oldest) stale++;
    if (stale > 0) this.#recent.splice(0, stale);
  }
}
