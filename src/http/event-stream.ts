import { Readable } from 'node:stream';

/** Text of one event, in the format of server-sent events. */
export function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A line that clients ignore, and that shows everybody between that the connection is in use. */
const COMMENT = ':\n\n';

/**
 * Events to one client. It holds one event at most: while the client has no room, a newer one takes the place of the one that waits,
 * so that a client that is slow gets fewer events and not later ones.
 */
export class EventStream extends Readable {
  #waiting: string | undefined;
  #hasRoom = false;
  #sent = 0;
  #sentAtLastLook = -1;
  #isFinished = false;

  constructor() {
    // One byte is more than none: it asks for the next event when it has handed on the last.
    super({ highWaterMark: 1 });
  }

  send(text: string): void {
    this.#waiting = text;
    this.#hand();
  }

  /** To be called regularly: sends a comment where nothing was sent since the last call. */
  keepAlive(): void {
    if (this.#sent === this.#sentAtLastLook && this.#waiting === undefined) this.send(COMMENT);
    this.#sentAtLastLook = this.#sent;
  }

  /** Ends the answer; what has not been handed on is dropped. */
  finish(): void {
    if (this.#isFinished || this.destroyed) return;
    this.#isFinished = true;
    this.push(null);
  }

  override _read(): void {
    this.#hasRoom = true;
    this.#hand();
  }

  #hand(): void {
    if (!this.#hasRoom || this.#waiting === undefined || this.#isFinished || this.destroyed) return;
    const text = this.#waiting;
    this.#waiting = undefined;
    this.#hasRoom = false;
    this.#sent++;
    this.push(text);
  }
}
