import { connect, createServer, type Server, type Socket } from 'node:net';

/** Passes bytes on to a port of this machine, until it is set to swallow them: connections stay open and silent. */
export class BlackHoleProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Of connections that were open at some moment of swallowing: nothing passes on them ever again. */
  readonly #dumb = new Set<Socket>();
  #swallows = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(targetPort: number): Promise<BlackHoleProxy> {
    const server = createServer();
    const proxy = new BlackHoleProxy(server);
    server.on('connection', (client) => {
      const target = connect(targetPort, '127.0.0.1');
      proxy.#link(client, target);
      proxy.#link(target, client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { readonly port: number }).port;
  }

  /** From now on nothing passes, the end of a connection included. */
  swallow(): void {
    this.#swallows = true;
    for (const socket of this.#sockets) this.#dumb.add(socket);
  }

  /** For connections to come; those that were swallowed stay dumb. */
  pass(): void {
    this.#swallows = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #link(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    if (this.#swallows) this.#dumb.add(from);
    from.on('data', (bytes) => {
      if (!this.#dumb.has(from)) to.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.#dumb.has(from)) to.destroy();
    });
  }
}
