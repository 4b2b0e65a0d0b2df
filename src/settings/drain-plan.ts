/** How the time between the first stop signal and the SIGKILL is shared out, in seconds. */
export interface DrainPlan {
  /** After the signal: sinks are no longer waited for, and the run ends with `DRAIN_TIMEOUT`. */
  readonly giveUpSeconds: number;
  /** After that: for calls that are under way, for the last commit, for leaving the source, and for closing the rest, each. */
  readonly stepSeconds: number;
}

/** Enough to commit and to leave a consumer group. */
const MOST_RESERVED_SECONDS = 8;
const MOST_RESERVED_SHARE = 0.4;
/** Four steps, and as much again for the process to end. */
const STEPS = 5;

/** `deadlineSeconds`: the setting `drain.deadlineSeconds`. */
export function drainPlan(deadlineSeconds: number): DrainPlan {
  const reserved = Math.min(MOST_RESERVED_SECONDS, MOST_RESERVED_SHARE * deadlineSeconds);
  return { giveUpSeconds: deadlineSeconds - reserved, stepSeconds: reserved / STEPS };
}
