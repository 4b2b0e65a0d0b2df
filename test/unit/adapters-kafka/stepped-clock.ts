import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../src/ports/clock.ts';

/** Real time, whose wall clock can be set by hand; and whose monotonic one can be moved ahead. */
export class SteppedClock implements Clock {
  /** Seconds by which the wall clock was set. */
  wallSeconds = 0;
  /** Seconds by which time went on without anybody waiting. */
  aheadSeconds = 0;

  now(): number {
    return Math.floor(
      performance.timeOrigin + performance.now() + (this.wallSeconds + this.aheadSeconds) * 1000,
    );
  }

  elapsed(): number {
    return performance.now() / 1000 + this.aheadSeconds;
  }

  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    await wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}
