import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../core/loopback.ts';
import { ProblemError } from './problem.ts';

/**
 * Refuses requests that a web page of another origin makes in a browser: `Origin` must be the host that the request is
 * for, and `Sec-Fetch-Site` must not be of another site. With `loopbackOnly`, the named host must be this machine: else a
 * page could make its own name lead here and read the answers as if they were its own (DNS rebinding).
 */
export function refuseForeignRequests(
  app: FastifyInstance,
  { loopbackOnly }: { readonly loopbackOnly: boolean },
): void {
  app.addHook('onRequest', async (request) => {
    refuseSeveralHosts(request);
    if (loopbackOnly) refuseForeignHost(request);
    refuseForeignOrigin(request);
  });
}

/** Node takes the first of several; a proxy before it may have looked at another. */
function refuseSeveralHosts({ raw }: FastifyRequest): void {
  let hosts = 0;
  for (let i = 0; i < raw.rawHeaders.length; i += 2) if (raw.rawHeaders[i]!.toLowerCase() === 'host') hosts++;
  if (hosts > 1) throw new ProblemError('bad-request', { detail: 'The request names more than one host.' });
}

function refuseForeignHost({ headers, raw }: FastifyRequest): void {
  // The target may name a host too, which then counts instead of `Host` (RFC 9112, section 3.2.2).
  const ofTarget = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(raw.url ?? '')?.[1];
  const isForeign = (host: string | undefined) =>
    host !== undefined && !isLoopback(host.replace(/:\d{1,5}$/, ''));
  if (isForeign(headers.host) || isForeign(ofTarget))
    throw new ProblemError('foreign-host', {
      detail: 'This listener answers to localhost and loopback addresses only.',
    });
}

function refuseForeignOrigin({ headers, host, method }: FastifyRequest): void {
  const { origin } = headers;
  // A person may follow a link that leads here.
  const isVisit = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  const ofPage = headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';
  if ((origin === undefined || hostOf(origin) === host) && (!ofPage || isVisit)) return;
  throw new ProblemError('foreign-origin', { detail: 'Web pages of other origins may not use this API.' });
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    // `null`, from a sandboxed page or a file.
    return undefined;
  }
}
