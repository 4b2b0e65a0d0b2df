import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';

/** kafkajs waits without limit for what is under way; this does not. Never rejects. Answers whether it was in time. */
export async function disconnectWithin(
  client: { disconnect(): Promise<void> },
  seconds: number,
  log: Log,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1000);
    timer.unref();
  });
  const disconnected = client.disconnect().then(
    () => true,
    (error: unknown) => {
      log.debug({ error: describeError(error) }, 'a client could not disconnect');
      return true;
    },
  );
  const inTime = await Promise.race([disconnected, late]);
  clearTimeout(timer);
  if (!inTime) log.warn({ seconds }, 'a client did not disconnect in time and is left behind');
  return inTime;
}
