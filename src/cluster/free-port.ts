import { createServer, type Server } from 'node:net';

/** Ports of the loopback address that nothing listens on now, all different. Another process may still be quicker. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

/** As {@link freePorts}, but each wanted port is kept where nothing listens on it now. */
export async function portsLike(wanted: readonly (number | undefined)[]): Promise<readonly number[]> {
  const servers: Server[] = [];
  for (const port of wanted) servers.push(await listen(port).catch(() => listen()));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

function portOf(server: Server): number {
  return (server.address() as { readonly port: number }).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function listen(port = 0): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
