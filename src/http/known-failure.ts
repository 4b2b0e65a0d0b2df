import { type ErrorCode, SluiceError } from '../core/errors.ts';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';

/** Answers failures of these codes with what they mean for a person: their own texts name paths and hosts, and are in the log. */
export async function knownFailure<T>(
  work: Promise<T>,
  codes: readonly ErrorCode[],
  detail: string,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SluiceError) || !codes.includes(error.code)) throw error;
    throw new ProblemError('unavailable', {
      detail: `${detail} The log of the server has the cause.`,
      retryAfter: retryAfterSeconds,
    });
  }
}
