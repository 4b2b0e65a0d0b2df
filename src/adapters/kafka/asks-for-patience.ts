import { accessRefused } from './access-refused.ts';

/**
 * Whether an error only says that it is too soon: a broker or a coordinator that starts, a group that is being made. A topic
 * that is missing counts as retriable with kafkajs, and does not come by waiting.
 */
export function asksForPatience(thrown: unknown): boolean {
  if (accessRefused(thrown) !== undefined) return false;
  let at = thrown;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  const { retriable, type } = (at ?? {}) as { readonly retriable?: boolean; readonly type?: string };
  return retriable === true && type !== 'UNKNOWN_TOPIC_OR_PARTITION';
}

const WAIT_MS = 300;

/** Tries again while the error asks for patience, for so long; throws the last. */
export async function withPatience<T>(seconds: number, action: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;)
    try {
      return await action();
    } catch (error) {
      if (!asksForPatience(error) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
}
