import type { ErrorCode } from '../core/errors.ts';

/** What a command returns to the shell; the numbers of sysexits(3) where it has one. */
export const exitCodes = {
  ok: 0,
  /** It ran, and the answer is no. */
  no: 1,
  usage: 2,
  data: 65,
  unavailable: 69,
  internal: 70,
  tryLater: 75,
  settings: 78,
  /** A command that was cut off by SIGINT, by SIGTERM. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byErrorCode: Readonly<Record<ErrorCode, ExitCode>> = {
  USAGE: exitCodes.usage,
  SETTINGS_UNREADABLE: exitCodes.settings,
  SETTINGS_INVALID: exitCodes.settings,
  SETTINGS_AWAY: exitCodes.unavailable,
  DATA_UNREADABLE: exitCodes.data,
  DATA_INVALID: exitCodes.data,
  // Starting again helps none of the three models: the settings name another one, or somebody brings it.
  MODEL_MISSING: exitCodes.settings,
  MODEL_CORRUPT: exitCodes.data,
  MODEL_REFUSED: exitCodes.data,
  MODEL_STORE_FAILED: exitCodes.unavailable,
  SCORER_THREAD_LOST: exitCodes.tryLater,
  SCORER_UNAVAILABLE: exitCodes.tryLater,
  SCORER_CLOSED: exitCodes.internal,
  SOURCE_FAILED: exitCodes.unavailable,
  SINK_FAILED: exitCodes.unavailable,
  STORE_FAILED: exitCodes.unavailable,
  OFFSETS_FAILED: exitCodes.unavailable,
  TRAINER_FAILED: exitCodes.internal,
  SERVICE_FAILED: exitCodes.unavailable,
  ADDRESS_REFUSED: exitCodes.settings,
  DRAIN_TIMEOUT: exitCodes.tryLater,
  // A decision that was not made: the queue works, and the answer is no.
  REVIEW_UNKNOWN: exitCodes.no,
  REVIEW_DECIDED: exitCodes.no,
  REVIEW_ERASED: exitCodes.no,
  LEASE_EXPIRED: exitCodes.no,
  LEASE_HELD: exitCodes.no,
  VERSION_STALE: exitCodes.no,
  ROLE_REFUSED: exitCodes.no,
  UNDO_REFUSED: exitCodes.no,
  KEY_REUSED: exitCodes.no,
  REPORTS_LIMITED: exitCodes.no,
  STEP_RUNNING: exitCodes.tryLater,
  STEP_UNKNOWN: exitCodes.no,
  RETRAIN_RUNNING: exitCodes.tryLater,
  ACCOUNT_UNKNOWN: exitCodes.no,
  ACCOUNT_REFUSED: exitCodes.no,
  INTERNAL: exitCodes.internal,
};

export function exitCodeOf(code: ErrorCode): ExitCode {
  return byErrorCode[code];
}
