import type { Clock } from '../ports/clock.ts';

/** How long a piece of work is waited for: without limit until `after` aborts, and then for so many seconds. */
export interface WithinAfter {
  readonly after: AbortSignal;
  readonly seconds: number;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** Resolves to whether `work` has ended in time. Rejects when `work` does so before that. */
export async function withinAfter(
  work: Promise<unknown>,
  { after, seconds, clock }: WithinAfter,
): Promise<boolean> {
  const isDone = new AbortController();
  const limit = async () => {
    await whenAborted(after, isDone.signal);
    await clock.sleep(seconds, isDone.signal);
    return false;
  };
  try {
    return await Promise.race([work.then(() => true), limit()]);
  } finally {
    isDone.abort();
  }
}

/** Resolves when either aborts. */
async function whenAborted(first: AbortSignal, second: AbortSignal): Promise<void> {
  if (first.aborted || second.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      first.removeEventListener('abort', done);
      second.removeEventListener('abort', done);
      resolve();
    };
    first.addEventListener('abort', done);
    second.addEventListener('abort', done);
  });
}
