import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/pipeline/system-clock.ts';

describe('systemClock', () => {
  it('wakes when the signal aborts, at once when it has aborted before', async () => {
    const stop = new AbortController();
    const slept = systemClock.sleep(3600, stop.signal);
    stop.abort();
    await slept;
    await systemClock.sleep(3600, stop.signal);
  });

  it('leaves no listener behind on a signal that outlives the sleep', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(0.001, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
