const deepestCause = 5;

interface ErrorFields {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  /** Where it was thrown; without the first line, which repeats the message. */
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/**
 * A thrown value as log fields. A SyntaxError's message is left out: that of `JSON.parse` quotes its input, which may
 * be a message's text. Other properties are left out too, as clients put whole requests there.
 */
export function errorFields(thrown: unknown, depth = 0): ErrorFields {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown) };
  const { code } = thrown as { readonly code?: unknown };
  const frames = framesOf(thrown);
  return {
    type: thrown.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: thrown instanceof SyntaxError ? 'left out, as it may quote a message' : thrown.message,
    ...(frames === '' ? {} : { stack: frames }),
    ...(thrown.cause === undefined || depth >= deepestCause
      ? {}
      : { cause: errorFields(thrown.cause, depth + 1) }),
  };
}

function framesOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n');
  return lines
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim())
    .join('\n');
}
