import type { Clock } from '../ports/clock.ts';
import type { LabelStore } from '../ports/label-store.ts';

/** A third of the time that the store holds a step without a sign of its process. */
const RENEW_SECONDS = 10;

/**
 * Runs the work of a step that this process holds, and keeps holding it meanwhile: a planner may calculate for minutes between two edits.
 * Where another process took the step, `lost` aborts with the store's error as its reason.
 */
export async function whileHeld<T>(
  { store, clock, step }: { readonly store: LabelStore; readonly clock: Clock; readonly step: number },
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const lost = new AbortController();
  const renew = async () => {
    for (;;) {
      await clock.sleep(RENEW_SECONDS, done.signal);
      if (done.signal.aborted) return;
      await store.hold(step);
    }
  };
  const renewing = renew().catch((error: unknown) => lost.abort(error));
  try {
    return await work(lost.signal);
  } finally {
    done.abort();
    await renewing;
  }
}
