import { once } from 'node:events';
import { get } from 'node:https';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isLoopback } from '../../../src/core/loopback.ts';
import type { ApiServer, ApiServerOptions } from '../../../src/http/api-server.ts';
import { createOpsServer } from '../../../src/http/ops-server.ts';
import { api, FakeLog } from './fakes.ts';
import { selfSigned } from './self-signed.ts';

const open: ApiServer[] = [];
const sockets: Socket[] = [];
const drips: NodeJS.Timeout[] = [];
afterEach(async () => {
  for (const drip of drips.splice(0)) clearInterval(drip);
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server.close();
});

async function listening(changes: Partial<ApiServerOptions> = {}): Promise<{ server: ApiServer; url: URL }> {
  const { server } = await api(changes);
  open.push(server);
  return { server, url: new URL(await server.listen()) };
}

/** A bare connection; `received` resolves to all that came once the server has ended it. */
function bare(url: URL): { socket: Socket; received: Promise<string> } {
  const socket = connect(Number(url.port), url.hostname);
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => {});
  // Not `once` of node:events, which rejects when the server resets the connection.
  return { socket, received: new Promise((resolve) => socket.once('close', () => resolve(text))) };
}

const body = JSON.stringify({ message: 'spam', message_id: 'a' });

describe('over a socket', () => {
  test('a request is answered, on the address that listen returns', async () => {
    const { url } = await listening();
    expect(url.hostname).toBe('127.0.0.1');
    const response = await fetch(new URL('/api/v1/score', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ verdict: 'spam' });
  });

  test('a request whose header fields never end is cut off with 408', async () => {
    const { url } = await listening({ limits: { headersSeconds: 0.1, requestSeconds: 3600 } });
    const { socket, received } = bare(url);
    socket.write('POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect(await received).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\nContent-Type: application\/problem\+json\r\n/,
    );
  });

  test.each([
    ['header field', 'X-Slow: ', { headersSeconds: 0.1, requestSeconds: 3600 }],
    ['body', 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n', { requestSeconds: 0.2 }],
  ])(
    'a request whose %s drips in is cut off, though the connection is never idle',
    async (_, start, limits) => {
      const { url } = await listening({ limits });
      const { socket, received } = bare(url);
      socket.write(`POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\n${start}`);
      drips.push(setInterval(() => socket.write(' '), 20));
      expect(await received).toMatch(/^HTTP\/1\.1 408 /);
    },
  );

  test('a connection on which nothing comes is ended', async () => {
    const { url } = await listening({ limits: { idleSeconds: 0.1 } });
    const { received } = bare(url);
    expect(await received).toBe('');
  });

  test('a body that says it is too large is refused before it is sent', async () => {
    const { url } = await listening();
    const { socket, received } = bare(url);
    socket.write(
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n',
    );
    socket.end();
    expect(await received).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a body in chunks is refused where it grows too large', async () => {
    const { server, scorer } = await api({ limits: { bodyBytes: 10_000 } });
    open.push(server);
    const { socket, received } = bare(new URL(await server.listen()));
    socket.write(
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    for (let i = 0; i < 20; i++) socket.write(`400\r\n${' '.repeat(1024)}\r\n`);
    socket.end('0\r\n\r\n');
    expect(await received).toMatch(/^HTTP\/1\.1 413 /);
    expect(scorer.asked).toEqual([]);
  });

  test('header fields too large and what is not HTTP at all are problems, too', async () => {
    const { url } = await listening();
    const large = bare(url);
    large.socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(await large.received).toMatch(/^HTTP\/1\.1 431 .*\r\nContent-Type: application\/problem\+json/);
    const odd = bare(url);
    odd.socket.write('hello there\r\n\r\n');
    expect(await odd.received).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/,
    );
  });

  test('a connection beyond the limit takes the place of one without a request', async () => {
    const { url } = await listening({ limits: { connections: 1 } });
    const first = bare(url);
    await once(first.socket, 'connect');
    await once(bare(url).socket, 'connect');
    expect(await first.received).toBe('');
  });
});

describe('close', () => {
  test('close lets a request under way end, and takes no new one', async () => {
    let go: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { scorer } = await api();
    let asked = 0;
    const slow = {
      score: async (...call: Parameters<typeof scorer.score>) => {
        asked++;
        await waiting;
        return scorer.score(...call);
      },
    };
    const { server, url } = await listening({ scorer: slow, limits: { closeSeconds: 3600 } });
    const post = () =>
      fetch(new URL('/api/v1/score', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const answer = post();
    await expect.poll(() => asked).toBe(1);
    const closed = server.close();
    await expect
      .poll(() =>
        post().then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('refused');
    go();
    expect((await answer).status).toBe(200);
    await closed;
  });

  test('close does not wait for a connection that is kept alive', async () => {
    const { server, url } = await listening({ limits: { closeSeconds: 3600 } });
    const { socket, received } = bare(url);
    socket.write('GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    await server.close();
    expect(await received).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('close does not wait for ever for a request that drips in', async () => {
    const { server, url } = await listening({ limits: { closeSeconds: 0.1 } });
    const { socket, received } = bare(url);
    socket.write('POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    await once(socket, 'connect');
    drips.push(setInterval(() => socket.write('a'), 20));
    await server.close();
    await received;
  });

  test('close may be called twice, and before listening', async () => {
    const { server } = await api();
    await server.close();
    await server.close();
  });
});

describe('the address', () => {
  test.each(['0.0.0.0', '::', '192.0.2.7', 'sluice.example', '10.0.0.1'])(
    'the address: %s is refused without TLS or a stated proxy',
    async (host) => {
      await expect(api({ host })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
      await expect(api({ host, proxy: 'none' })).rejects.toThrow(/proxy terminates TLS.*127\.0\.0\.1/);
    },
  );

  test('the address that others can reach is taken when a proxy terminates TLS', async () => {
    const { url } = await listening({ host: '0.0.0.0', proxy: 'terminates-tls' });
    expect((await fetch(`http://127.0.0.1:${url.port}/openapi.json`)).status).toBe(200);
  });

  test('the address that others can reach is taken with a certificate, and speaks TLS only', async () => {
    const { url } = await listening({ host: '0.0.0.0', tls: selfSigned() });
    expect(url.protocol).toBe('https:');
    const path = '/openapi.json';
    const status = await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: url.port, path, rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    await expect(fetch(`http://127.0.0.1:${url.port}${path}`)).rejects.toThrow();
  });

  test('the address of loopback is known in all its spellings', () => {
    for (const host of [
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '[::1]',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
      'localhost',
    ])
      expect(isLoopback(host), host).toBe(true);
    for (const host of [
      '',
      '1',
      '127.1',
      '127.0.0.256',
      '128.0.0.1',
      '::2',
      'localhost.example',
      '127.0.0.1.example',
      '0.0.0.0',
      '::',
    ])
      expect(isLoopback(host), host).toBe(false);
  });

  test('the address that another server holds is refused with what to do about it', async () => {
    const { url } = await listening();
    const port = Number(url.port);
    const { server } = await api({ port });
    open.push(server);
    await expect(server.listen()).rejects.toMatchObject({
      code: 'ADDRESS_REFUSED',
      message: `the API cannot listen on 127.0.0.1:${port}: another process listens there; stop it or choose another port`,
    });
    const ops = createOpsServer({
      host: '127.0.0.1',
      port,
      metrics: async () => ({ contentType: 'text/plain', body: '' }),
      readiness: () => ({ ready: true, reasons: [] }),
      version: {},
      log: new FakeLog(),
    });
    await expect(ops.listen()).rejects.toThrow(/^the ops listener cannot listen/);
    await ops.close();
  });
});
