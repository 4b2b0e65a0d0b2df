import { connect, type Socket } from 'node:net';

/** A bare connection to a listener, so that a test may send what no client library would. */
export class RawClient {
  readonly socket: Socket;
  /** All that came until the server ended the connection. */
  readonly received: Promise<string>;
  #text = '';

  constructor(url: URL, localAddress?: string) {
    this.socket = connect({
      port: Number(url.port),
      host: url.hostname,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    this.socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1');
    });
    // Not `once` of node:events, which rejects when the server resets the connection.
    this.socket.on('error', () => {});
    this.received = new Promise((resolve) => this.socket.once('close', () => resolve(this.#text)));
  }

  get text(): string {
    return this.#text;
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && !this.socket.readableEnded;
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await new Promise<void>((resolve) => this.socket.once('connect', resolve));
    return this;
  }

  send(text: string | Buffer): this {
    this.socket.write(text);
    return this;
  }

  get(path: string, ...headers: readonly string[]): this {
    return this.send(`GET ${path} HTTP/1.1\r\n${['Host: localhost', ...headers].join('\r\n')}\r\n\r\n`);
  }

  post(path: string, body: string, ...headers: readonly string[]): this {
    const all = ['Host: localhost', `Content-Length: ${Buffer.byteLength(body)}`, ...headers];
    if (!headers.some((header) => /^content-type:/i.test(header))) all.push('Content-Type: application/json');
    return this.send(`POST ${path} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`);
  }

  /** Status of the first answer; rejects when the connection ends before one. */
  async status(): Promise<number> {
    for (;;) {
      const match = /^HTTP\/1\.1 (\d{3})/.exec(this.#text);
      if (match !== null) return Number(match[1]);
      if (this.socket.destroyed) throw new Error('the connection ended without an answer');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  destroy(): void {
    this.socket.destroy();
  }
}
