import { drainPlan } from '../settings/drain-plan.ts';

/** The part of `process` that is needed, so that tests need no signals. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
}

export interface StopPlan {
  /** Called at the first signal; `giveUp` aborts when what is still waited for has to be given up. */
  readonly stop: (giveUp: AbortSignal) => void;
  /** Called at each SIGHUP; undefined where that stops too, as with a terminal that is closed. */
  readonly reload: (() => void) | undefined;
  readonly deadlineSeconds: number;
  readonly say: (text: string) => void;
  readonly signals?: SignalSource;
  /** Ends the process at once. */
  readonly kill?: () => void;
}

/**
 * The only safe way to end at once: `process.exit` would end threads under a running graph, which aborts the process
 * with a core dump. What was not committed is scored again after the next start.
 */
export function killOwnProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}

/**
 * First SIGTERM or SIGINT: `stop`, and a deadline from then on until the process has ended; some seconds before it `giveUp`
 * aborts, so that the stop can end with a commit and an exit code. Second signal, or the deadline: SIGKILL of the own
 * process. SIGHUP: `reload`. Returns a function that takes the listeners off; a deadline that runs stays.
 */
export function onStopSignals({
  stop,
  reload,
  deadlineSeconds,
  say,
  signals = process,
  kill = killOwnProcess,
}: StopPlan): () => void {
  let stopping = false;
  const listener = () => {
    if (stopping) {
      say('Second signal: ending at once. What was not committed is scored again after the next start.\n');
      kill();
      return;
    }
    stopping = true;
    say('Stopping: what is in flight is finished first. A second signal ends at once.\n');
    const late = () => {
      say(
        `DRAIN_TIMEOUT: not done after ${deadlineSeconds} s (drain.deadlineSeconds), ending by SIGKILL. ` +
          'What was not committed is scored again after the next start.\n',
      );
      kill();
    };
    const giveUp = new AbortController();
    // Neither keeps the process alive by itself.
    setTimeout(() => giveUp.abort(), drainPlan(deadlineSeconds).giveUpSeconds * 1000).unref();
    setTimeout(late, deadlineSeconds * 1000).unref();
    stop(giveUp.signal);
  };
  const onHangUp = reload ?? listener;
  signals.on('SIGTERM', listener);
  signals.on('SIGINT', listener);
  signals.on('SIGHUP', onHangUp);
  return () => {
    signals.off('SIGTERM', listener);
    signals.off('SIGINT', listener);
    signals.off('SIGHUP', onHangUp);
  };
}

/** Parts of `run` that a test replaces. */
export type RunParts = Pick<StopPlan, 'signals' | 'kill'> & { readonly drawEveryMilliseconds?: number };
