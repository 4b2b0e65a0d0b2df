import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Below those that systems give to outgoing connections, any of which could take a port before its server listens on it. */
const FIRST = 20_000;
const BEHIND = 32_000;
const TRIES = 50;

/** Ports of the loopback address that nothing listens on now, all different. Another process may still be quicker. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
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
  for (const port of wanted)
    servers.push(await (port === undefined ? listenAnywhere() : listen(port).catch(listenAnywhere)));
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

async function listenAnywhere(): Promise<Server> {
  for (let tries = 0; tries < TRIES; tries++) {
    const server = await listen(randomInt(FIRST, BEHIND)).catch(() => undefined);
    if (server !== undefined) return server;
  }
  return await listen(0);
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
