import { setTimeout } from 'node:timers/promises';

/** How long is waited for anything that must come about. Far more than it takes: a slow machine is no fault. */
export const SETTLE_SECONDS = 240;

/** Looks ten times a second. Rejects when it is not so in time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  seconds: number,
  what: string,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(0.1);
  }
}

/** Ends early when `signal` aborts. */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return setTimeout(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}
