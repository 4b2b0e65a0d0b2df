import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Forwards connections to a service, or to another one later, and can swallow all that is sent: connections stay open, and
 * nothing passes.
 */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #hole: { open: boolean };
  readonly #target: { port: number };

  private constructor(
    server: Server,
    sockets: Set<Socket>,
    hole: { open: boolean },
    target: { port: number },
  ) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#sockets = sockets;
    this.#hole = hole;
    this.#target = target;
  }

  static async to(port: number): Promise<TcpProxy> {
    const sockets = new Set<Socket>();
    const hole = { open: false };
    const target = { port };
    const server = createServer((near) => {
      const far = connect(target.port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('data', (bytes) => {
          if (!hole.open) to.write(bytes);
        });
        from.on('error', () => {});
        from.on('close', () => {
          sockets.delete(from);
          if (!hole.open) to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, sockets, hole, target);
  }

  /** New connections go there; those that are open stay where they are, as after a failover. */
  lead(port: number): void {
    this.#target.port = port;
  }

  /** Swallows all that is sent, either way. What was connected then never works again. */
  swallow(): void {
    this.#hole.open = true;
  }

  /** New connections pass; those swallowed are cut. */
  pass(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#hole.open = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
