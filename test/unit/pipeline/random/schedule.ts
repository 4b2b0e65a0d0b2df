import type { Clock } from '../../../../src/ports/clock.ts';
import { turn } from '../fakes.ts';

/** Numbers that a seed decides, so that a failing run can be repeated. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to and without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  hits(share: number): boolean {
    return this.next() < share;
  }
}

/** Everything that waits, waits here; which of it goes on next is left to chance. */
export class Schedule {
  readonly #chance: Chance;
  #waiting: (() => void)[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  step(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets one go on, and all that follows from it without waiting. False where none waits. */
  async advance(): Promise<boolean> {
    await turn();
    if (this.#waiting.length === 0) return false;
    const index = this.#chance.below(this.#waiting.length);
    const [go] = this.#waiting.splice(index, 1);
    go!();
    await turn();
    return true;
  }
}

/** Timers fire in any order, late perhaps and never early; the wall clock is stepped from outside. */
export class ScheduledClock implements Clock {
  seconds = 1000;
  wallSeconds = 1_699_999_000;
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  now(): number {
    return (this.wallSeconds + this.seconds) * 1000;
  }

  elapsed(): number {
    return this.seconds;
  }

  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const until = this.seconds + seconds;
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
      void this.#schedule.step().then(() => {
        if (!signal?.aborted) this.seconds = Math.max(this.seconds, until);
        wake();
      });
    });
  }
}
