/** What one listener takes; without limits, one slow or greedy client would hold it up for all. */
export interface RequestLimits {
  readonly bodyBytes: number;
  /** Until the header fields of a request have arrived. */
  readonly headersSeconds: number;
  /** Until the whole request has arrived. */
  readonly requestSeconds: number;
  /** From the routing of a request to its answer. */
  readonly handlerSeconds: number;
  /** A connection on which nothing moves for so long is ended; more than `handlerSeconds`. */
  readonly idleSeconds: number;
  readonly connections: number;
  /** Of one client, see `clientOfAddress`. */
  readonly connectionsPerClient: number;
  /** How long `close` waits for requests under way. */
  readonly closeSeconds: number;
  /** Bytes a second of bodies that are received and discarded because their requests were answered before. */
  readonly discardedBytesPerSecond: number;
  /** How long a connection that is closed before its request has arrived waits for its client to read the answer. */
  readonly lingerSeconds: number;
  /** Connections that wait so at once; above it the oldest of them is ended. */
  readonly lingering: number;
}

export const defaultLimits: RequestLimits = {
  bodyBytes: 1_048_576,
  headersSeconds: 5,
  requestSeconds: 15,
  handlerSeconds: 30,
  idleSeconds: 60,
  connections: 1000,
  connectionsPerClient: 500,
  closeSeconds: 5,
  discardedBytesPerSecond: 16_777_216,
  lingerSeconds: 2,
  lingering: 256,
};

/** As Node's timers want it: whole, and never 0, which would mean no limit. */
export function milliseconds(seconds: number): number {
  return Math.max(1, Math.round(seconds * 1000));
}
