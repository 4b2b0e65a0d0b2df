import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { parseMessageJson } from '../core/message-json.ts';
import { ProblemError } from './problem.ts';

/**
 * JSON bodies, parsed like messages of any other source. An empty one is no body at all, and bytes that are not UTF-8 are
 * refused rather than patched. Keys such
 * as `__proto__` are let through: nothing here merges bodies into other objects, and one odd message must not cost its
 * batch.
 */
export function acceptJson(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => {
      if (body.length === 0) return undefined;
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

/** HTML forms; of a field that comes twice, the last counts. */
export function acceptForms(app: FastifyInstance): void {
  const parse = async (_request: unknown, body: Buffer) =>
    Object.fromEntries(new URLSearchParams(utf8(body)));
  app.addContentTypeParser<Buffer>('application/x-www-form-urlencoded', { parseAs: 'buffer' }, parse);
}

function utf8(body: Buffer): string {
  if (!isUtf8(body)) throw new ProblemError('bad-request', { detail: 'The body is not valid UTF-8.' });
  return body.toString('utf8');
}
