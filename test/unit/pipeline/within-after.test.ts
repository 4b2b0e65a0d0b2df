import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { withinAfter } from '../../../src/pipeline/within-after.ts';
import { turn } from './fakes.ts';
import { gate } from './test-pipeline.ts';

/** A clock whose sleeps end when a test says so, or by their signal. */
function clockOf() {
  const sleeps: { readonly seconds: number; readonly signal: AbortSignal; readonly wake: () => void }[] = [];
  const sleep = (seconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      sleeps.push({ seconds, signal: signal!, wake: resolve });
      signal!.addEventListener('abort', () => resolve());
    });
  return { sleeps, clock: { sleep } };
}

describe('withinAfter', () => {
  it('withinAfter waits without limit until the signal aborts, and then for the given seconds', async () => {
    const { sleeps, clock } = clockOf();
    const after = new AbortController();
    const waiting = withinAfter(new Promise(() => {}), { after: after.signal, seconds: 7, clock });
    await turn();
    expect(sleeps).toEqual([]);
    after.abort();
    await turn();
    expect(sleeps.map(({ seconds }) => seconds)).toEqual([7]);
    sleeps[0]!.wake();
    expect(await waiting).toBe(false);
  });

  it('withinAfter cancels its limit when the work ends in time, and leaves no listener', async () => {
    const { sleeps, clock } = clockOf();
    const after = new AbortController();
    const work = gate();
    const waiting = withinAfter(work.opened, { after: after.signal, seconds: 7, clock });
    after.abort();
    await turn();
    work.open();
    expect(await waiting).toBe(true);
    expect(sleeps[0]!.signal.aborted).toBe(true);
    const { signal } = new AbortController();
    expect(await withinAfter(Promise.resolve(), { after: signal, seconds: 7, clock })).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('withinAfter rejects with the error of the work', async () => {
    const { clock } = clockOf();
    const { signal } = new AbortController();
    const failing = Promise.reject(new TypeError('a bug'));
    await expect(withinAfter(failing, { after: signal, seconds: 7, clock })).rejects.toThrow('a bug');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
