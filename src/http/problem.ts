import * as z from 'zod';

/** Media type of every error that this house answers with (RFC 9457). */
export const problemMediaType = 'application/problem+json';

/** What can go wrong, as the tail of a problem's `type`; with its HTTP status and title. */
export const problemKinds = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'invalid-fields': { status: 400, title: 'The request does not have the fields that it should' },
  'message-unreadable': { status: 400, title: 'The message cannot be scored' },
  unauthorized: { status: 401, title: 'Nobody is logged in' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'foreign-origin': { status: 403, title: 'The request is made by a page of another origin' },
  csrf: { status: 403, title: 'The request lacks the CSRF token of its session' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'The address does not support this method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'already-decided': { status: 409, title: 'The message has been decided already' },
  'score-hidden': { status: 409, title: 'The score is shown after the decision' },
  'lease-held': { status: 409, title: 'Somebody else has the message' },
  'undo-refused': { status: 409, title: 'The decision cannot be undone' },
  'erasure-running': { status: 409, title: 'An erasure is running already' },
  'model-changed': { status: 409, title: 'Another model was activated in the meantime' },
  'model-pinned': { status: 409, title: 'The settings name the model' },
  'no-previous-model': { status: 409, title: 'There is no previous model' },
  'model-not-writable': { status: 409, title: 'The activation cannot be recorded' },
  'thresholds-changed': { status: 409, title: 'The thresholds were changed in the meantime' },
  'thresholds-refused': { status: 409, title: 'The thresholds cannot be saved' },
  'replay-running': { status: 409, title: 'Another replay is running' },
  'account-refused': { status: 409, title: 'The accounts do not allow this' },
  erased: { status: 410, title: 'The message was erased' },
  'lease-expired': { status: 410, title: 'The lease has expired' },
  stale: { status: 412, title: 'The message has changed since it was shown' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The address does not support this content type' },
  'foreign-host': { status: 421, title: 'The request is for another host' },
  'model-refused': { status: 422, title: 'The model failed the admission check' },
  'key-reused': { status: 422, title: 'The idempotency key belongs to another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Not available at present' },
} as const;

export type ProblemKind = keyof typeof problemKinds;

export const fieldErrorSchema = z.object({
  pointer: z.string().optional().describe('JSON pointer to the field of the body, as a URI fragment.'),
  parameter: z.string().optional().describe('Name of the query parameter.'),
  detail: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

export const problemSchema = z
  .object({
    type: z.string().describe('`urn:sluice:problem:` and the kind of the problem.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional().describe('What happened this time, and what to do next.'),
    instance: z.string().optional().describe('Id of the request, as in the log.'),
    errors: z.array(fieldErrorSchema).optional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' });
export type Problem = z.infer<typeof problemSchema>;

export interface ProblemFacts {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds, for the header `Retry-After`. */
  readonly retryAfter?: number;
}

/** Thrown by a handler to answer with a problem. Its `message` is for the client and so has no message text in it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly kind: ProblemKind;
  readonly facts: ProblemFacts;

  constructor(kind: ProblemKind, facts: ProblemFacts = {}) {
    super(facts.detail ?? problemKinds[kind].title);
    this.kind = kind;
    this.facts = facts;
  }
}

export function problemOf(kind: ProblemKind, facts: ProblemFacts = {}, requestId?: string): Problem {
  const { status, title } = problemKinds[kind];
  return {
    type: `urn:sluice:problem:${kind}`,
    title,
    status,
    ...(facts.detail === undefined ? {} : { detail: facts.detail }),
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    ...(facts.errors === undefined ? {} : { errors: [...facts.errors] }),
  };
}

/** JSON pointer (RFC 6901) of a path, as a URI fragment: `#/messages/3`. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  return `#${steps.map((step) => `/${encodeURIComponent(step)}`).join('')}`;
}
