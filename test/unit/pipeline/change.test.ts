import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Change } from '../../../src/pipeline/change.ts';

describe('Change', () => {
  it('Change wakes everybody who waits at its next notification, and nobody who begins to wait after it', async () => {
    const change = new Change();
    const woken: string[] = [];
    const wait = async (name: string) => {
      await change.wait();
      woken.push(name);
    };
    const first = [wait('a'), wait('b')];
    change.notify();
    const late = wait('late');
    await Promise.all(first);
    expect(woken).toEqual(['a', 'b']);
    change.notify();
    await late;
  });

  it('Change ends a wait when it is stopped, and at once if it was stopped before', async () => {
    const change = new Change();
    const stop = new AbortController();
    const waiting = change.wait(stop.signal);
    stop.abort();
    await waiting;
    await change.wait(stop.signal);
  });

  it('Change leaves no listener on a signal that outlives the wait', async () => {
    const change = new Change();
    const { signal } = new AbortController();
    const waiting = change.wait(signal);
    change.notify();
    await waiting;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
