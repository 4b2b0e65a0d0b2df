import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as the test says, in place of a NameNode. */
export class StubNameNode {
  readonly #server: Server;
  answer: Answer;
  asked = 0;

  private constructor(answer: Answer) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      this.asked++;
      this.answer(request, response);
    });
  }

  static async start(answer: Answer): Promise<StubNameNode> {
    const stub = new StubNameNode(answer);
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export const inStandby: Answer = (_, response) =>
  json(response, 403, {
    RemoteException: {
      exception: 'StandbyException',
      javaClassName: 'org.apache.hadoop.ipc.StandbyException',
      message:
        'Operation category READ is not supported in state standby. Visit https://s.apache.org/sbnn-error',
    },
  });
