import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { milliseconds, type RequestLimits } from './request-limits.ts';

/**
 * A body up to this many bytes comes with the header fields or costs one read more, which is less than a new connection
 * would.
 */
const SMALL_BODY = 65_536;

type UnreadBodyLimits = Pick<RequestLimits, 'discardedBytesPerSecond' | 'lingerSeconds' | 'lingering'>;

/**
 * What becomes of a connection whose request was answered before its body has arrived, as a refusal is. Node would receive and
 * discard the rest of the body, which takes time of the thread that serves the pipeline: as much as the client cares to send.
 * Here that is done for bodies of an announced length that are small, and for others up to a rate; the connection stays.
 * Above the rate it is closed with the answer (RFC 9112, section 9.6): the server ends its own side, receives nothing more, and
 * destroys the connection after `lingerSeconds`. The client has received the answer long before that, so:
 *
 * - A client that reads while it sends gets the answer.
 * - One that sends everything first and then reads gets it if the rest of its body fits the buffers of the two kernels.
 *   Else sending fails when the connection is destroyed; on Linux the answer can be read nevertheless.
 * - More than `lingering` such connections within `lingerSeconds` shorten the time for both.
 */
export class UnreadBodies {
  readonly #limits: UnreadBodyLimits;
  /** The oldest first. */
  readonly #lingering = new Set<Socket>();
  #mayDiscard: number;
  #countedAt = performance.now();

  constructor(limits: UnreadBodyLimits) {
    this.#limits = limits;
    this.#mayDiscard = limits.discardedBytesPerSecond;
  }

  /**
   * To be called when `request` is about to be answered; true if the answer must close the connection, which then lingers.
   * `isClosing`: the answer closes it anyway.
   */
  closeAfterAnswer(request: IncomingMessage, isClosing: boolean): boolean {
    const rest = unreadBytes(request);
    if (rest === 0 || (!isClosing && (rest <= SMALL_BODY || this.#takeAllowance(rest)))) return false;
    const { socket } = request;
    // Node's server calls it after the last answer of a connection. Its own would destroy the connection as soon as the answer
    // was handed to the kernel; the reset for the unread bytes may then overtake the answer.
    socket.destroySoon = () => this.linger(socket);
    return true;
  }

  /** Ends a connection once what was written to it has been sent and could be read. */
  linger(socket: Socket): void {
    if (this.#lingering.has(socket) || socket.destroyed) return;
    const [oldest] = this.#lingering;
    if (oldest !== undefined && this.#lingering.size >= this.#limits.lingering) {
      this.#lingering.delete(oldest);
      oldest.destroy();
    }
    this.#lingering.add(socket);
    socket.end();
    // Not at once: Node's server resumes the stream in the same turn of the event loop, to discard the body.
    setImmediate(() => socket.pause());
    const timer = setTimeout(() => socket.destroy(), milliseconds(this.#limits.lingerSeconds));
    socket.once('close', () => {
      clearTimeout(timer);
      this.#lingering.delete(socket);
    });
  }

  #takeAllowance(bytes: number): boolean {
    const { discardedBytesPerSecond } = this.#limits;
    const now = performance.now();
    const more = ((now - this.#countedAt) / 1000) * discardedBytesPerSecond;
    this.#countedAt = now;
    this.#mayDiscard = Math.min(discardedBytesPerSecond, this.#mayDiscard + more);
    if (bytes > this.#mayDiscard) return false;
    this.#mayDiscard -= bytes;
    return true;
  }
}

/** Of the body of a request, at most; infinite where its length was not announced. */
function unreadBytes(request: IncomingMessage): number {
  // Undefined for a request without a socket, in tests.
  if (request.complete !== false) return 0;
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding === undefined ? Number(length ?? 0) : Number.POSITIVE_INFINITY;
}
