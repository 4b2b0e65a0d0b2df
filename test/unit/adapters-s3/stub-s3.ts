import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client, type S3ClientOptions } from '../../../src/adapters/s3/s3-client.ts';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Answer = (request: StubRequest, response: ServerResponse) => void;

/** A server that answers as the test says, in place of an S3 service. */
export class StubS3 {
  readonly #server: Server;
  readonly requests: StubRequest[] = [];
  readonly url: string;
  answer: Answer;

  private constructor(server: Server, answer: Answer) {
    this.answer = answer;
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async start(answer: Answer): Promise<StubS3> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StubS3(server, answer);
  }

  client(options: Partial<S3ClientOptions> = {}): S3Client {
    return new S3Client({
      endpoint: this.url,
      region: 'us-east-1',
      bucket: 'bucket',
      accessKeyId: 'key',
      secretAccessKey: 'not-to-be-sent',
      forcePathStyle: true,
      deadlineSeconds: 20,
      ...options,
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const { method = '', headers } = request;
    const asked = { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks) };
    this.requests.push(asked);
    this.answer(asked, response);
  }
}

export function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>because &amp; so\nmore</Message></Error>`);
}

export function send(response: ServerResponse, bytes: Buffer | string): void {
  response.writeHead(200, { etag: etagOf(bytes) }).end(bytes);
}

export function etagOf(bytes: Buffer | string): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
