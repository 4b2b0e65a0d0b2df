import { accessRefused } from './access-refused.ts';

/**
 * Whether an error is transient: a broker or a coordinator is starting, or a group is being created. A missing topic is not,
 * although kafkajs calls it retriable: it does not appear by waiting.
 */
export function isTransient(thrown: unknown): boolean {
  if (accessRefused(thrown) !== undefined) return false;
  let at = thrown;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  const { retriable, type } = (at ?? {}) as { readonly retriable?: boolean; readonly type?: string };
  return retriable === true && type !== 'UNKNOWN_TOPIC_OR_PARTITION';
}

const WAIT_MS = 300;

/** Retries `action` while its error is transient, for at most `seconds`; then throws the last error. */
export async function retryTransient<T>(seconds: number, action: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;)
    try {
      return await action();
    } catch (error) {
      if (!isTransient(error) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
}
