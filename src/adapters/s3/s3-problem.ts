import { SluiceError } from '../../core/errors.ts';

/** Why the service did not do what it was asked; the same request may succeed later. */
export class Unanswered extends Error {}

/** An answer that is no success. `code` and `message` are of its XML document; undefined where it has none. */
export interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Codes that come with a status which is otherwise final. */
const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'SlowDown',
  'Throttling',
  'OperationAborted',
]);

/** What to do about a code. Of S3's list of error codes: those that a wrong setting, key or machine leads to. */
const advice: Readonly<Record<string, string>> = {
  AccessDenied:
    'give the key of model.s3.accessKeyId the rights s3:ListBucket on the bucket, and s3:GetObject and s3:PutObject below model.s3.prefix',
  InvalidAccessKeyId: 'check model.s3.accessKeyId',
  SignatureDoesNotMatch: 'check model.s3.secretAccessKey and model.s3.region',
  RequestTimeTooSkewed:
    'the clocks of this machine and of the service differ by too much; set this one (NTP)',
  RequestExpired: 'the clocks of this machine and of the service differ by too much; set this one (NTP)',
  NoSuchBucket: 'create the bucket, or correct model.s3.bucket',
  InvalidBucketName: 'correct model.s3.bucket',
  PermanentRedirect: 'the bucket is elsewhere; correct model.s3.endpoint and model.s3.region',
  TemporaryRedirect: 'the bucket is elsewhere; correct model.s3.endpoint and model.s3.region',
  AuthorizationHeaderMalformed: 'correct model.s3.region',
  NotImplemented:
    'models need conditional writes (If-None-Match and If-Match); use a service or a release that has them',
};

/** {@link Unanswered} where another attempt may help, else the error for people. `what`: the address that was asked for. */
export function problemOf({ status, code, message }: Refusal, what: string): Error {
  const reply = code === undefined ? `HTTP status ${status}` : `${code}: ${firstLine(message)}`;
  const known = code === undefined ? undefined : advice[code];
  if (known === undefined && (status >= 500 || status === 429 || status === 408 || status === 409))
    return new Unanswered(reply);
  if (code !== undefined && passing.has(code)) return new Unanswered(reply);
  const next =
    known ??
    (code === undefined
      ? 'no S3 service answers like this; check model.s3.endpoint and model.s3.forcePathStyle'
      : 'check model.s3 in the settings');
  return new SluiceError('MODEL_STORE_FAILED', `S3 refuses ${what}: ${reply}; ${next}`);
}

/** Why a request had no answer at all. Node's `fetch` hides it in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error instanceof Unanswered || !(cause instanceof Error)) return error.message;
  // Of several addresses of one name each has an error of its own, and the whole has no message.
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  const text = inner instanceof Error && inner.message !== '' ? inner.message : error.message;
  return isOfCertificate(inner) ? `${text}; name its authority in NODE_EXTRA_CA_CERTS` : text;
}

function isOfCertificate(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /CERT|UNABLE_TO_VERIFY|SELF_SIGNED/.test(code);
}

function firstLine(text: string | undefined): string {
  return text?.split('\n')[0] ?? '';
}
