import { endToolRuns } from '../../src/cluster/run-to-end.ts';

/** A bench was interrupted; by then it has removed what it started. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/**
 * While `use` runs, Ctrl-C (or SIGTERM) aborts the signal that it is given, so that its `finally` blocks end services and remove folders; a
 * second one ends this process at once, and with it the services. What `use` throws after an abort becomes {@link Interrupted}.
 */
export async function interruptible<T>(
  say: (text: string) => void,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => {
    // The exit's listeners kill services; see ServiceProcess.
    if (abort.signal.aborted) process.exit(130);
    say('ending; once more ends it at once\n');
    abort.abort(new Interrupted());
    endToolRuns();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await use(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? new Interrupted() : error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
