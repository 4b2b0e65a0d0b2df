import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

export type Direction = 'upload' | 'download';

/** What a DataNode is asked with, and a NameNode never. */
const OF_DATA = 'namenoderpcaddress';

/**
 * Stands before NameNode and DataNode: redirects lead back to it, so that transfers pass here too and can be cut in the
 * middle of a file.
 */
export class HdfsProxy {
  readonly #nameNodePort: number;
  #dataNodePort = 0;
  readonly #server: Server;
  #cut: { readonly direction: Direction; left: number; readonly done: () => void } | undefined;

  private constructor(nameNodePort: number) {
    this.#nameNodePort = nameNodePort;
    this.#server = createServer((request, response) => this.#pass(request, response));
  }

  static async to(nameNodePort: number): Promise<HdfsProxy> {
    const proxy = new HdfsProxy(nameNodePort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Transfers of that direction are cut once so many bytes have passed, and those after it at once. Resolves at the first. */
  cutAfter(bytes: number, direction: Direction): Promise<void> {
    return new Promise((done) => {
      this.#cut = { direction, left: bytes, done };
    });
  }

  /** All passes again. */
  mend(): void {
    this.#cut = undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const ofData = new URL(request.url ?? '/', this.url).searchParams.has(OF_DATA);
    const far = httpRequest({
      host: '127.0.0.1',
      port: ofData ? this.#dataNodePort : this.#nameNodePort,
      method: request.method,
      path: request.url,
      headers: request.headers,
    });
    const cut = () => {
      far.destroy();
      request.socket.destroy();
    };
    far.on('error', cut);
    request.on('error', cut);
    response.on('error', cut);
    // The caller is gone.
    response.on('close', () => far.destroy());
    far.on('response', (answer) => {
      answer.on('error', cut);
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...this.#redirected(answer) });
      answer.pipe(this.#scissors('download', ofData, cut)).pipe(response);
    });
    request.pipe(this.#scissors('upload', ofData, cut)).pipe(far);
  }

  /** Leads back here, and remembers where it would have led. */
  #redirected({ headers, statusCode }: IncomingMessage): { location?: string } {
    if (statusCode !== 307 || headers.location === undefined) return {};
    const location = new URL(headers.location);
    this.#dataNodePort = Number(location.port);
    location.port = String(this.#port);
    return { location: location.href };
  }

  #scissors(direction: Direction, ofData: boolean, cut: () => void): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, pass) => {
        const order = ofData && this.#cut?.direction === direction ? this.#cut : undefined;
        if (order !== undefined) {
          order.left -= chunk.length;
          if (order.left < 0) {
            order.done();
            cut();
            pass();
            return;
          }
        }
        pass(null, chunk);
      },
    }).on('error', cut);
  }
}
