import { type ExitCode, exitCodes } from './exit-codes.ts';
import { killOwnProcess, type SignalSource } from './signals.ts';

export interface InterruptibleParts {
  readonly signals?: Pick<SignalSource, 'on' | 'off'>;
  readonly kill?: () => void;
}

/**
 * Runs work that ends soon after its signal aborts: at the first SIGINT or SIGTERM, which `say` answers with `words`. A second one ends the
 * process at once. Returns the exit code of the signal, if there was one.
 */
export async function whileInterruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  {
    say,
    words,
    signals = process,
    kill = killOwnProcess,
  }: InterruptibleParts & { readonly say: (text: string) => void; readonly words: string },
): Promise<{ readonly result: T; readonly interrupted: ExitCode | undefined }> {
  const abort = new AbortController();
  let interrupted: ExitCode | undefined;
  const onSignal = (code: ExitCode) => () => {
    if (interrupted !== undefined) return kill();
    interrupted = code;
    say(words);
    abort.abort();
  };
  const [onInterrupt, onTerminate] = [onSignal(exitCodes.interrupted), onSignal(exitCodes.terminated)];
  signals.on('SIGINT', onInterrupt);
  signals.on('SIGTERM', onTerminate);
  try {
    const result = await work(abort.signal);
    return { result, interrupted };
  } finally {
    signals.off('SIGINT', onInterrupt);
    signals.off('SIGTERM', onTerminate);
  }
}
