import { isLoopback } from '../core/loopback.ts';
import type { Log } from '../ports/log.ts';
import { refuseForeignRequests } from './foreign-requests.ts';
import type { ListenAddress } from './listen-address.ts';
import { type Inject, Listener } from './listener.ts';
import { defaultLimits, type RequestLimits } from './request-limits.ts';

export interface Readiness {
  readonly ready: boolean;
  /** What is missing; empty when ready. */
  readonly reasons: readonly string[];
}

export interface OpsServerOptions extends ListenAddress {
  /** `accept`: the request's header of that name, for those who can write more than one format. */
  readonly metrics: (
    accept: string | undefined,
  ) => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly readiness: () => Readiness;
  /** What `/version` answers: version, revision, Node. */
  readonly version: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly limits?: Partial<RequestLimits>;
}

export interface OpsServer {
  /** Resolves to the address. Throws `ADDRESS_REFUSED`. */
  listen(): Promise<string>;
  close(): Promise<void>;
  readonly inject: Inject;
}

/** Probes and scrapes are small and quick; nothing else may hold a connection for long. */
const opsLimits: RequestLimits = {
  ...defaultLimits,
  bodyBytes: 1024,
  headersSeconds: 2,
  requestSeconds: 3,
  idleSeconds: 10,
  handlerSeconds: 8,
  connections: 100,
  connectionsPerClient: 50,
  discardedBytesPerSecond: 65_536,
  lingering: 16,
};

/**
 * Probes and metrics, for the machine's or cluster's own eyes. No message passes here, so it may be reached from other
 * machines, and it has no rate limit: it must answer above all when things go badly.
 */
export function createOpsServer(options: OpsServerOptions): OpsServer {
  const listener = new Listener({
    name: 'the ops listener',
    host: options.host,
    port: options.port,
    log: options.log,
    limits: { ...opsLimits, ...options.limits },
  });
  const { app } = listener;
  refuseForeignRequests(app, { loopbackOnly: isLoopback(options.host) });
  listener.refuseUnknownAddresses();
  // Answering is being alive. Nothing outside the process is asked, as no restart would fix that.
  app.get('/livez', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, reasons } = options.readiness();
    return reply.code(ready ? 200 : 503).send({ ready, reasons });
  });
  app.get('/metrics', async (request, reply) => {
    const { contentType, body } = await options.metrics(request.headers.accept);
    return reply.type(contentType).send(body);
  });
  app.get('/version', async () => options.version);
  return {
    listen: () => listener.listen(),
    close: () => listener.close(),
    inject: (request) => app.inject(request),
  };
}
