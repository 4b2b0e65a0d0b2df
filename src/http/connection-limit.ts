import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientOfAddress } from './client-address.ts';

export interface ConnectionLimits {
  readonly total: number;
  /** Of one client; see {@link clientOfAddress}. */
  readonly perClient: number;
}

interface Connection {
  readonly socket: Socket;
  readonly client: string;
  /** Requests that are not answered yet. */
  active: number;
}

/**
 * Bounds the connections of a server, so that no client shuts the others out. Above a bound a new connection takes the
 * place of the one that has been without a request for longest: of the same client, or of the client with the most. Where
 * all of them have a request under way the new one is closed.
 */
export function limitConnections(server: Server, { total, perClient }: ConnectionLimits): void {
  // Those without a request the longest come first.
  const open = new Map<string, Connection>();
  const counts = new Map<string, number>();

  const forget = (key: string, connection: Connection): void => {
    if (open.get(key) !== connection) return;
    open.delete(key);
    const count = counts.get(connection.client)! - 1;
    if (count === 0) counts.delete(connection.client);
    else counts.set(connection.client, count);
  };
  const replaceIdle = (client: string): boolean => {
    for (const [key, connection] of open)
      if (connection.client === client && connection.active === 0) {
        forget(key, connection);
        connection.socket.destroy();
        return true;
      }
    return false;
  };
  const makeRoom = (client: string): boolean => {
    if ((counts.get(client) ?? 0) >= perClient) return replaceIdle(client);
    if (open.size < total) return true;
    const byCount = [...counts].sort(([, one], [, other]) => other - one);
    return byCount.some(([each]) => replaceIdle(each));
  };

  server.on('connection', (socket: Socket) => {
    const client = clientOfAddress(socket.remoteAddress);
    if (!makeRoom(client)) {
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    const connection: Connection = { socket, client, active: 0 };
    open.set(key, connection);
    counts.set(client, (counts.get(client) ?? 0) + 1);
    socket.once('close', () => forget(key, connection));
  });
  server.on('request', (request, response) => {
    // With TLS the request's socket is not the one that was accepted; both have the same two ends.
    const key = keyOf(request.socket);
    const connection = open.get(key);
    if (connection === undefined) return;
    connection.active++;
    response.once('close', () => {
      connection.active--;
      if (connection.active > 0 || open.get(key) !== connection) return;
      open.delete(key);
      open.set(key, connection);
    });
  });
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
