import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/pipeline/system-clock.ts';

afterEach(() => void vi.useRealTimers());

describe('systemClock', () => {
  it('systemClock returns the time since 1970 in milliseconds, elapsed time, and sleeps, in seconds', async () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    const before = systemClock.elapsed();
    let isAwake = false;
    const sleeping = systemClock.sleep(2).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(1999);
    expect([systemClock.now(), isAwake]).toEqual([1_700_000_001_999, false]);
    expect(systemClock.elapsed() - before).toBeCloseTo(1.999, 6);
    await vi.advanceTimersByTimeAsync(1);
    await sleeping;
  });

  it('systemClock leaves no timer if the signal ends the sleep', async () => {
    vi.useFakeTimers();
    const stop = new AbortController();
    const sleeping = systemClock.sleep(3600, stop.signal);
    stop.abort();
    await sleeping;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('systemClock wakes when the signal aborts, and at once if it has aborted before', async () => {
    const stop = new AbortController();
    const slept = systemClock.sleep(3600, stop.signal);
    stop.abort();
    await slept;
    await systemClock.sleep(3600, stop.signal);
  });

  it('systemClock leaves no listener on a signal that outlives the sleep', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(0.001, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
