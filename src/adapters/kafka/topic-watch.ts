import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PublishFailure } from './publish-failure.ts';

interface Waiting {
  readonly since: number;
  reason: string | undefined;
}

/** Since when topics have taken no record that was sent to them. */
export class TopicWatch {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #log: Log;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Pick<Clock, 'elapsed'>, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** A record is being sent to it. */
  began(topic: string): void {
    if (!this.#waiting.has(topic))
      this.#waiting.set(topic, { since: this.#clock.elapsed(), reason: undefined });
  }

  /** It has taken none, and the records wait for it. */
  failed(topic: string, { kind, reason }: PublishFailure): void {
    const waiting = this.#waiting.get(topic);
    if (waiting === undefined || kind === 'unavailable' || waiting.reason === reason) return;
    waiting.reason = reason;
    this.#log.error(
      { topic, reason },
      'Kafka refuses records for this topic until somebody changes that; they wait, and nothing is lost',
    );
  }

  released(topic: string): void {
    this.#waiting.delete(topic);
  }

  /** For how long it has taken none; 0 where nothing has been sent since the last one. */
  seconds(topic: string): number {
    const waiting = this.#waiting.get(topic);
    return waiting === undefined ? 0 : this.#clock.elapsed() - waiting.since;
  }
}
