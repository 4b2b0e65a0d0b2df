import { SluiceError } from '../../src/core/errors.ts';

/** Calls `action` until it succeeds, as the pipeline does; an error that is not retriable gets to the caller. */
export async function untilAccepted<T>(action: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof SluiceError) || !error.retriable) throw error;
    }
}

/** Calls `action` until it succeeds, whatever it throws, as a service manager starts a daemon. */
export async function untilDone<T>(action: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await action();
    } catch {}
}
