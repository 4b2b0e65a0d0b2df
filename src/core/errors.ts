import type { Unfinished } from './refusal.ts';

/**
 * Every code that a Sluice error can carry. The table in `docs/errors.md` lists the same codes; a test compares the two.
 * A code never changes its meaning; a code that is no longer thrown leaves both places.
 */
export const errorCodes = [
  'USAGE',
  'SETTINGS_UNREADABLE',
  'SETTINGS_INVALID',
  'SETTINGS_AWAY',
  'DATA_UNREADABLE',
  'DATA_INVALID',
  'MODEL_MISSING',
  'MODEL_CORRUPT',
  'MODEL_REFUSED',
  'MODEL_STORE_FAILED',
  'SCORER_THREAD_LOST',
  'SCORER_UNAVAILABLE',
  'SCORER_CLOSED',
  'SOURCE_FAILED',
  'SINK_FAILED',
  'STORE_FAILED',
  'OFFSETS_FAILED',
  'TRAINER_FAILED',
  'SERVICE_FAILED',
  'ADDRESS_REFUSED',
  'DRAIN_TIMEOUT',
  'REVIEW_UNKNOWN',
  'REVIEW_DECIDED',
  'REVIEW_ERASED',
  'LEASE_EXPIRED',
  'LEASE_HELD',
  'VERSION_STALE',
  'ROLE_REFUSED',
  'UNDO_REFUSED',
  'KEY_REUSED',
  'REPORTS_LIMITED',
  'STEP_RUNNING',
  'STEP_UNKNOWN',
  'RETRAIN_RUNNING',
  'ACCOUNT_UNKNOWN',
  'ACCOUNT_REFUSED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface SluiceErrorOptions {
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
  /** Of a call that wrote some of its records: which ones are left. */
  readonly unfinished?: Unfinished;
}

/** The one error class. `message` says what happened and what to do next; callers decide by `code`, never by text. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly unfinished: Unfinished | undefined;

  constructor(code: ErrorCode, message: string, options: SluiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retriable = options.retriable ?? false;
    this.unfinished = options.unfinished;
  }
}

/** The text of anything that was thrown, for a log line or as the tail of another error's message. */
export function describeError(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
