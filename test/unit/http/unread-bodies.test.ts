import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiServer, ApiServerOptions } from '../../../src/http/api-server.ts';
import { api } from './fakes.ts';
import { RawClient } from './raw-client.ts';
import { selfSigned } from './self-signed.ts';

/** The server's ends of all connections. */
const accepted: Socket[] = [];
const servers: ApiServer[] = [];
const clients: { destroy(): void }[] = [];
const onAccept = (message: unknown) => void accepted.push((message as { socket: Socket }).socket);
beforeEach(() => subscribe('net.server.socket', onAccept));
afterEach(async () => {
  unsubscribe('net.server.socket', onAccept);
  for (const each of clients.splice(0)) each.destroy();
  for (const socket of accepted.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

/** Its scorer is busy with the only message that it admits, so that all further ones are refused with 429. */
async function fullApi(limits: object = {}, changes: Partial<ApiServerOptions> = {}): Promise<URL> {
  let isBusy = false;
  const scorer = {
    score: () => {
      isBusy = true;
      return new Promise<never>(() => {});
    },
  };
  const queue = { slices: 1, sliceCost: 1000, totalCost: 1000, clientRequests: 1 };
  const { server } = await api({ scorer, ...changes, limits: { queue, closeSeconds: 0.05, ...limits } });
  servers.push(server);
  const url = new URL(await server.listen());
  const busy = { message: 'x', message_id: 'a' };
  void server
    .inject({ method: 'POST', url: '/api/v1/score', payload: busy })
    .then(undefined, () => 'never answered');
  await expect.poll(() => isBusy).toBe(true);
  return url;
}

function client(url: URL): RawClient {
  const opened = new RawClient(url);
  clients.push(opened);
  return opened;
}

const head = (length: string, ...headers: readonly string[]) =>
  `POST /api/v1/score HTTP/1.1\r\n${['Host: localhost', 'Content-Type: application/json', length, ...headers].join('\r\n')}\r\n\r\n`;
const MEGABYTE = 1_000_000;
/** Nothing may be received for being discarded. */
const receivesNothing = { discardedBytesPerSecond: 0 };
/** More than the kernel's buffers of one connection take. */
const LARGE = Buffer.alloc(32 * MEGABYTE, 'x');
const refusal = /^HTTP\/1\.1 429 [\s\S]*\r\nretry-after: \d+\r\n[\s\S]*"status":429/;

describe('a request that is refused before its body has arrived', () => {
  test.each([
    ['of an announced length', `Content-Length: ${LARGE.length}`, ''],
    ['in chunks', 'Transfer-Encoding: chunked', `${LARGE.length.toString(16)}\r\n`],
  ])(
    'a client that reads while it sends gets the answer and the end of the connection, and sends no more: %s',
    async (_, length, start) => {
      const url = await fullApi({ ...receivesNothing, bodyBytes: 2 * LARGE.length });
      const sending = client(url)
        .send(head(length) + start)
        .send(LARGE);
      expect(await sending.received).toMatch(refusal);
      expect(sending.text).toMatch(/\r\nconnection: close\r\n/);
      // The first part may have come in one read with the header fields.
      expect(accepted.at(-1)!.bytesRead).toBeLessThan(MEGABYTE);
    },
  );

  test('a client over TLS whose request is refused before its body has arrived gets the answer', async () => {
    const url = await fullApi({ ...receivesNothing, bodyBytes: 2 * LARGE.length }, { tls: selfSigned() });
    const sending = connectTls({ host: url.hostname, port: Number(url.port), rejectUnauthorized: false });
    clients.push(sending);
    let text = '';
    sending.on('data', (chunk) => {
      text += chunk.toString();
    });
    sending.on('error', () => {});
    const closed = new Promise((resolve) => sending.once('close', resolve));
    sending.write(head(`Content-Length: ${LARGE.length}`));
    sending.write(LARGE);
    await closed;
    expect(text).toMatch(refusal);
    expect(accepted.at(-1)!.bytesRead).toBeLessThan(MEGABYTE);
  });

  test('a client that sends everything before it reads gets the answer if the buffers hold the body', async () => {
    const url = await fullApi(receivesNothing);
    const late = client(url);
    late.socket.pause();
    const body = 'x'.repeat(50_000);
    await new Promise((resolve) => late.socket.write(head('Transfer-Encoding: chunked'), resolve));
    // The answer is there, and the rest of the body still goes out.
    await expect.poll(() => accepted.at(-1)!.writableFinished).toBe(true);
    await new Promise((resolve) => late.socket.write(`c350\r\n${body}\r\n0\r\n\r\n`, resolve));
    late.socket.resume();
    expect(await late.received).toMatch(refusal);
  });

  test('a client that never reads is disconnected while it sends', async () => {
    const url = await fullApi({ ...receivesNothing, bodyBytes: 2 * LARGE.length, lingerSeconds: 0.2 });
    const deaf = client(url);
    deaf.socket.pause();
    deaf.socket.write(head(`Content-Length: ${LARGE.length}`));
    const failure = await new Promise<unknown>((resolve) => deaf.socket.write(LARGE, resolve));
    expect((failure as NodeJS.ErrnoException).code).toMatch(/^(?:EPIPE|ECONNRESET)$/);
  });

  test('a connection whose request is refused before its body has arrived stays open while bodies are discarded below the rate', async () => {
    const url = await fullApi({ discardedBytesPerSecond: MEGABYTE });
    const staying = client(url).send(head('Content-Length: 900000'));
    expect(await staying.status()).toBe(429);
    staying.send('x'.repeat(900_000)).get('/api/v1/models');
    await expect.poll(() => staying.text).toContain('HTTP/1.1 200 ');
    expect(staying.text).not.toContain('connection: close');
    // The rate is for all connections together.
    const next = client(url).send(head('Content-Length: 900000'));
    expect(await next.received).toMatch(/\r\nconnection: close\r\n/);
  });

  test('a connection whose request is refused before its body has arrived stays open if the body is small', async () => {
    const url = await fullApi(receivesNothing);
    const staying = client(url).post('/api/v1/score', '{}');
    expect(await staying.status()).toBe(429);
    staying.get('/api/v1/models');
    await expect.poll(() => staying.text).toContain('HTTP/1.1 200 ');
  });

  test('a connection whose request is refused before its body has arrived is closed after a while, whatever the client does', async () => {
    const url = await fullApi({ ...receivesNothing, lingerSeconds: 0.1 });
    const silent = client(url);
    silent.socket.allowHalfOpen = true;
    silent.send(head(`Content-Length: ${MEGABYTE}`));
    expect(await silent.status()).toBe(429);
    await expect.poll(() => accepted.at(-1)!.destroyed).toBe(true);
  });

  test('the oldest lingering connection is closed when there are more than the limit', async () => {
    const url = await fullApi({ ...receivesNothing, lingerSeconds: 3600, lingering: 2 });
    for (let i = 0; i < 5; i++) {
      const silent = client(url).send(head(`Content-Length: ${MEGABYTE}`));
      expect(await silent.status()).toBe(429);
      await expect.poll(() => accepted.at(-1)!.writableFinished).toBe(true);
    }
    expect(accepted.map(({ destroyed }) => destroyed)).toEqual([true, true, true, false, false]);
  });

  test.each([
    ['no such address', 'POST /nowhere HTTP/1.1\r\nHost: localhost', 404],
    ['another host', 'POST /api/v1/score HTTP/1.1\r\nHost: evil.example', 421],
    ['a body that is too large', 'POST /api/v1/score HTTP/1.1\r\nHost: localhost', 413],
  ])('a request is refused before its body has arrived for every reason: %s', async (_, start, status) => {
    const { server } = await api({ limits: { ...receivesNothing, closeSeconds: 0.05 } });
    servers.push(server);
    const sending = client(new URL(await server.listen()));
    sending.send(`${start}\r\nContent-Type: application/json\r\nContent-Length: ${LARGE.length}\r\n\r\n`);
    sending.send(LARGE);
    expect(await sending.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*"status":${status}`));
    expect(accepted.at(-1)!.bytesRead).toBeLessThan(MEGABYTE);
  });
});

describe('a client that waits for 100 Continue', () => {
  const expectHeader = 'Expect: 100-continue';

  test('a client that waits for 100 Continue does not get it for a request that is refused', async () => {
    const url = await fullApi(receivesNothing);
    const refused = client(url).send(head(`Content-Length: ${MEGABYTE}`, expectHeader));
    expect(await refused.received).toMatch(refusal);
    const large = client(url).send(head('Content-Length: 99999999', expectHeader));
    expect(await large.status()).not.toBe(100);
  });

  test('a client that waits for 100 Continue gets it for a request that is admitted, and then the answer', async () => {
    const { server } = await api();
    servers.push(server);
    const body = JSON.stringify({ message: 'spam', message_id: 'a' });
    const waiting = client(new URL(await server.listen()));
    waiting.send(head(`Content-Length: ${body.length}`, expectHeader));
    expect(await waiting.status()).toBe(100);
    waiting.send(body);
    await expect.poll(() => waiting.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });
});
