import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseMessageJson } from '../core/message-json.ts';
import { ProblemError } from './problem.ts';

/**
 * JSON bodies, parsed like messages of any other source. An empty one is no body at all, and bytes that are not UTF-8 are
 * refused rather than patched. Keys such
 * as `__proto__` are let through: nothing here merges bodies into other objects, and one odd message must not cost its
 * batch. `arrived` is called before a body is parsed, and may throw to refuse the request.
 */
export function acceptJson(
  app: FastifyInstance,
  arrived: (request: FastifyRequest, bytes: number) => void,
): void {
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (body.length === 0) return undefined;
      arrived(request, body.length);
      const text = utf8(body);
      try {
        return parseMessageJson(text);
      } catch {
        // The parser's own words quote the body.
        throw new ProblemError('bad-request', { detail: 'The body is not valid JSON.' });
      }
    },
  );
}

/** A message of 64 KiB of which each byte is escaped. */
const FORM_BYTES = 3 * 65_536 + 1024;
/** A form has one field that is read; each other costs time to parse. */
const FORM_FIELDS = 32;

/** HTML forms of a few fields; of a field that occurs twice, the last counts. */
export function acceptForms(app: FastifyInstance): void {
  const parse = async (_request: unknown, body: Buffer) => {
    let fields = 1;
    for (let at = body.indexOf('&'); at !== -1; at = body.indexOf('&', at + 1))
      if (++fields > FORM_FIELDS)
        throw new ProblemError('too-large', { detail: `At most ${FORM_FIELDS} fields.` });
    return Object.fromEntries(new URLSearchParams(utf8(body)));
  };
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: FORM_BYTES },
    parse,
  );
}

function utf8(body: Buffer): string {
  if (!isUtf8(body)) throw new ProblemError('bad-request', { detail: 'The body is not valid UTF-8.' });
  return body.toString('utf8');
}
