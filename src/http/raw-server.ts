import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { limitConnections } from './connection-limit.ts';
import type { Certificate } from './listen-address.ts';
import { type ProblemKind, problemKinds, problemMediaType, problemOf } from './problem.ts';
import { milliseconds, type RequestLimits } from './request-limits.ts';
import type { UnreadBodies } from './unread-bodies.ts';

/** Node's server with all time limits set; Fastify's own are off by default. */
export function rawServer(
  handler: RequestListener,
  limits: RequestLimits,
  tls: Certificate | undefined,
): Server {
  const requestTimeout = milliseconds(limits.requestSeconds);
  const headersTimeout = Math.min(milliseconds(limits.headersSeconds), requestTimeout);
  const options = {
    requestTimeout,
    headersTimeout,
    keepAliveTimeout: milliseconds(limits.idleSeconds),
    // How often Node looks for requests over their time; its default of 30 s would double the limits.
    connectionsCheckingInterval: Math.max(20, Math.min(1000, Math.ceil(headersTimeout / 2))),
  };
  const server =
    tls === undefined
      ? createServer(options, handler)
      : // The same interface; only the class that Node's types give it differs.
        (createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2' }, handler) as unknown as Server);
  server.timeout = milliseconds(limits.idleSeconds);
  // Node's own would invite the body before anything has looked at the request; see Listener.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  limitConnections(server, { total: limits.connections, perClient: limits.connectionsPerClient });
  return server;
}

/** Answers what is not even a request, on the bare socket, and ends the connection. */
export function answerBrokenRequest(
  error: Error & { readonly code?: string },
  socket: Socket,
  unread: UnreadBodies,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const kind = kindOfCode(error.code);
  const { status } = problemKinds[kind];
  const body = JSON.stringify(problemOf(kind));
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status} ${reasonPhrases[kind]}\r\nContent-Type: ${problemMediaType}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  // The rest of the request may still be arriving.
  unread.linger(socket);
}

const reasonPhrases = {
  'bad-request': 'Bad Request',
  'request-timeout': 'Request Timeout',
  'headers-too-large': 'Request Header Fields Too Large',
} as const satisfies Partial<Record<ProblemKind, string>>;

function kindOfCode(code: string | undefined): keyof typeof reasonPhrases {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'bad-request';
}
