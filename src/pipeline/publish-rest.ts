import { SluiceError } from '../core/errors.ts';
import type { Refusal } from '../core/refusal.ts';
import { type RetryOptions, untilAccepted } from './retry.ts';

/**
 * Publishes records until the sink has accepted or refused each of them; returns the refusals. After a failure only those
 * are published again that the sink did not accept, where it says which, so that a reader does not see the others again at
 * each attempt. Throws what the sink throws once it is not retriable or the retries are given up.
 */
export async function publishRest<T>(
  records: readonly T[],
  publish: (records: readonly T[]) => Promise<readonly Refusal[]>,
  retry: RetryOptions,
): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  let left = records.map((_, index) => index);
  const keep = (refusals: readonly Refusal[]) => {
    for (const { index, reason } of refusals) refused.push({ index: left[index]!, reason });
  };
  await untilAccepted(async () => {
    try {
      keep(await publish(left.map((index) => records[index]!)));
    } catch (thrown) {
      const unfinished = thrown instanceof SluiceError ? thrown.unfinished : undefined;
      if (unfinished !== undefined) {
        keep(unfinished.refusals);
        left = unfinished.open.map((index) => left[index]!);
      }
      throw thrown;
    }
  }, retry);
  return refused;
}
