import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Change } from '../../../src/pipeline/change.ts';

describe('Change', () => {
  it('Change wakes all who wait at its next notification, and nobody who begins to wait after it', async () => {
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

  it('Change waits no longer than until it is stopped, and not at all where that was before', async () => {
    const change = new Change();
    const stop = new AbortController();
    const waiting = change.wait(stop.signal);
    stop.abort();
    await waiting;
    await change.wait(stop.signal);
  });

  it('Change leaves no listener behind on a signal that survives the wait', async () => {
    const change = new Change();
    const { signal } = new AbortController();
    const waiting = change.wait(signal);
    change.notify();
    await waiting;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
