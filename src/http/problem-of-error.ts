import { type ErrorCode, SluiceError } from '../core/errors.ts';
import { FieldsError } from './field-check.ts';
import { ProblemError, type ProblemFacts, type ProblemKind } from './problem.ts';

interface KnownProblem {
  readonly kind: ProblemKind;
  readonly facts: ProblemFacts;
}

/** Seconds, for a client of whom nothing better is known. */
export const retryAfterSeconds = 5;

const unavailable: KnownProblem = {
  kind: 'unavailable',
  facts: { detail: 'Try again shortly.', retryAfter: retryAfterSeconds },
};

/**
 * What to answer for a thrown value. The texts of our own failures stay in the log: they name paths and hosts that are
 * no business of the client's; only those of decisions are written for the one who decides. Those of parsers stay out everywhere: they quote the body.
 */
export function problemOfError(thrown: unknown): KnownProblem {
  if (thrown instanceof ProblemError) return { kind: thrown.kind, facts: thrown.facts };
  if (thrown instanceof FieldsError) return { kind: 'invalid-fields', facts: { errors: thrown.errors } };
  if (thrown instanceof SluiceError) return problemOfSluiceError(thrown);
  return { kind: kindOfStatus(statusOf(thrown)), facts: statusOf(thrown) === 503 ? unavailable.facts : {} };
}

/** Refused decisions. Their texts name rows, people and roles. */
const ofDecisions: Partial<Readonly<Record<ErrorCode, ProblemKind>>> = {
  REVIEW_UNKNOWN: 'not-found',
  REVIEW_DECIDED: 'already-decided',
  REVIEW_ERASED: 'erased',
  LEASE_EXPIRED: 'lease-expired',
  LEASE_HELD: 'lease-held',
  VERSION_STALE: 'stale',
  ROLE_REFUSED: 'forbidden',
  UNDO_REFUSED: 'undo-refused',
  KEY_REUSED: 'key-reused',
  REPORTS_LIMITED: 'too-many-requests',
  ACCOUNT_UNKNOWN: 'not-found',
  ACCOUNT_REFUSED: 'account-refused',
  USAGE: 'bad-request',
};

function problemOfSluiceError({ code, retriable, message }: SluiceError): KnownProblem {
  const kind = ofDecisions[code];
  if (kind !== undefined) return { kind, facts: { detail: sentenceOf(message) } };
  return retriable || code === 'SCORER_CLOSED' ? unavailable : { kind: 'internal', facts: {} };
}

function sentenceOf(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Fastify and its plugins say by `statusCode` what they think of a request. */
function statusOf(thrown: unknown): number {
  const { statusCode } = (thrown ?? {}) as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}

function kindOfStatus(status: number): ProblemKind {
  switch (status) {
    case 404:
      return 'not-found';
    case 408:
      return 'request-timeout';
    case 413:
      return 'too-large';
    case 415:
      return 'unsupported-media-type';
    case 503:
      return 'unavailable';
    default:
      return status >= 400 && status < 500 ? 'bad-request' : 'internal';
  }
}
