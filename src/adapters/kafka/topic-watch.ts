import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PublishFailure } from './publish-failure.ts';

/** After so long without a record accepted, publishing counts as blocked. */
const BLOCKED_SECONDS = 30;

interface Waiting {
  readonly since: number;
  failure: PublishFailure | undefined;
}

/** Since when topics that records wait for have taken none. */
export class TopicWatch {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #log: Log;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Pick<Clock, 'elapsed'>, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Something is being sent to it. */
  began(topic: string): void {
    if (!this.#waiting.has(topic))
      this.#waiting.set(topic, { since: this.#clock.elapsed(), failure: undefined });
  }

  failed(topic: string, failure: PublishFailure): void {
    const waiting = this.#waiting.get(topic);
    if (waiting === undefined) return;
    if (failure.kind !== 'unavailable' && waiting.failure?.reason !== failure.reason)
      this.#log.error(
        { topic, reason: failure.reason },
        'Kafka refuses records for this topic until somebody changes that; they wait, and nothing is lost',
      );
    waiting.failure = failure;
  }

  /** It has taken a record, or nothing waits for it any more. */
  released(topic: string): void {
    this.#waiting.delete(topic);
  }

  /** Why nothing could be published for a while; undefined when all is well. */
  trouble(): string | undefined {
    const now = this.#clock.elapsed();
    for (const [topic, { since, failure }] of this.#waiting)
      if (now - since > BLOCKED_SECONDS)
        return `the topic ${topic} has taken no record for ${Math.round(now - since)} s (${failure?.reason ?? 'no answer yet'})`;
    return undefined;
  }
}
