import type { ErrorCode } from '../core/errors.ts';
import { SluiceError } from '../core/errors.ts';
import { ProblemError, type ProblemKind } from './problem.ts';

const kinds: Partial<Record<ErrorCode, ProblemKind>> = {
  USAGE: 'bad-request',
  ROLE_REFUSED: 'forbidden',
  ACCOUNT_UNKNOWN: 'not-found',
  ACCOUNT_REFUSED: 'account-refused',
};

/** Answers what `src/accounts` refuses as a problem; its texts name nothing but what the client sent. */
export async function withAccountProblems<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const kind = error instanceof SluiceError ? kinds[error.code] : undefined;
    if (kind === undefined) throw error;
    const { message } = error as SluiceError;
    throw new ProblemError(kind, { detail: `${message.charAt(0).toUpperCase()}${message.slice(1)}.` });
  }
}
