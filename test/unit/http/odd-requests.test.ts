import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiServer } from '../../../src/http/api-server.ts';
import { createOpsServer, type OpsServer } from '../../../src/http/ops-server.ts';
import { api, type FakeLog, type FakeScorer } from './fakes.ts';
import { RawClient } from './raw-client.ts';

const clients: RawClient[] = [];
let scorer: FakeScorer;
let log: FakeLog;
let server: ApiServer;
let ops: OpsServer;
let urls: { api: URL; ops: URL };
beforeEach(async () => {
  // Short, as requests that never end wait for it.
  const limits = { requestSeconds: 0.3, headersSeconds: 0.3, closeSeconds: 0.05 };
  ({ server, scorer, log } = await api({ limits: { ...limits, requestsPerMinute: 20_000 } }));
  ops = createOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    readiness: () => ({ ready: true, reasons: [] }),
    version: {},
    log,
    limits,
  });
  urls = { api: new URL(await server.listen()), ops: new URL(await ops.listen()) };
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server.close();
  await ops.close();
  expect(log.lines.filter((line) => /^(?:warn|error) /.test(line))).toEqual([]);
});

function client(url: URL): RawClient {
  const opened = new RawClient(url);
  clients.push(opened);
  return opened;
}

const message = JSON.stringify({ message: 'spam', message_id: 'a' });
const head = (...headers: readonly string[]) =>
  `POST /api/v1/score HTTP/1.1\r\n${['Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n`;
const announced = `Content-Length: ${message.length}`;
const hex = message.length.toString(16);

describe('a request that names a host', () => {
  const paths = [
    ['api', '/api/v1/models'],
    ['ops', '/metrics'],
  ] as const;
  const hosts = [
    ['evil.example', 421],
    ['127.1', 421],
    ['2130706433', 421],
    ['0x7f000001', 421],
    ['127.0.0.1.nip.io', 421],
    ['localhost.', 421],
    ['localhost.evil.example', 421],
    ['localhost,evil.example', 421],
    ['evil.example@localhost', 421],
    ['[::2]', 421],
    ['', 421],
    ['localhost', 200],
    ['127.0.0.1:1', 200],
    ['[::1]', 200],
  ] as const;
  test.each(
    paths.flatMap(([listener, path]) =>
      hosts.map(([host, status]) => [listener, host, status, path] as const),
    ),
  )(
    'a request that names a host of the %s listener: "%s" is answered with %i',
    async (listener, host, status, path) => {
      const asked = client(urls[listener]).send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      expect(await asked.status()).toBe(status);
    },
  );

  test.each(paths)(
    'a request that names a host of the %s listener: X-Forwarded-Host does not make a foreign host acceptable',
    async (listener, path) => {
      const asked = client(urls[listener]).send(
        `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n`,
      );
      expect(await asked.status()).toBe(421);
    },
  );

  test.each(paths)(
    'a request that names a host of the %s listener in its target gets no content for a foreign one',
    async (listener, path) => {
      for (const host of ['localhost', 'evil.example']) {
        const asked = client(urls[listener]).send(
          `GET http://evil.example${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        );
        expect(await asked.status()).toBe(421);
      }
    },
  );

  test('a CORS preflight of another origin is refused and permits nothing', async () => {
    const asked = client(urls.api).send(
      'OPTIONS /api/v1/score HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n',
    );
    expect(await asked.status()).toBe(403);
    expect(asked.text).not.toMatch(/access-control/i);
  });
});

describe('the framing of a request', () => {
  test.each([
    ['a length and chunks', head(announced, 'Transfer-Encoding: chunked') + message],
    ['two lengths', head(announced, 'Content-Length: 5') + message],
    ['a list of lengths', head('Content-Length: 5, 5') + message],
    ['a negative length', head('Content-Length: -1') + message],
    ['a length with a sign', head(`Content-Length: +${message.length}`) + message],
    ['a hexadecimal length', head('Content-Length: 0x20') + message],
    ['a length without end', head('Content-Length: 99999999999999999999') + message],
    ['an unknown encoding', head('Transfer-Encoding: xchunked') + message],
    ['an encoding after chunked', head('Transfer-Encoding: chunked, identity') + message],
    ['a space before the colon', head(`Content-Length : ${message.length}`) + message],
    ['a folded header field', head(`X: a\r\n b`, announced) + message],
    ['NUL in a header field', head('X: a\0b', announced) + message],
    ['a bare CR in a header field', head('X: a\rb', announced) + message],
    ['a chunk size that is no number', `${head('Transfer-Encoding: chunked')}zz\r\n${message}\r\n0\r\n\r\n`],
    ['a chunk size above 2^64', `${head('Transfer-Encoding: chunked')}1ffffffffffffffff\r\n${message}`],
    ['a chunk longer than its size', `${head('Transfer-Encoding: chunked')}1\r\n${message}\r\n0\r\n\r\n`],
  ])(
    'an HTTP request framed with %s is refused, nothing is scored, and the rest is not read as a second request',
    async (_, text) => {
      const asked = client(urls.api).send(`${text}GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      expect(await asked.received).toMatch(/^HTTP\/1\.1 (?:400|413) /);
      expect(asked.text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
      expect(scorer.asked).toEqual([]);
    },
  );

  test.each([
    ['chunks', `${head('Transfer-Encoding: chunked')}${hex}\r\n${message}\r\n0\r\n\r\n`],
    ['a tab before the value', `${head('Transfer-Encoding:\tchunked')}${hex}\r\n${message}\r\n0\r\n\r\n`],
    [
      'a chunk extension of 8,000 bytes',
      `${head('Transfer-Encoding: chunked')}${hex};a=${'x'.repeat(8000)}\r\n${message}\r\n0\r\n\r\n`,
    ],
    ['trailers', `${head('Transfer-Encoding: chunked')}${hex}\r\n${message}\r\n0\r\nX-End: 1\r\n\r\n`],
  ])('an HTTP request framed with %s is read', async (_, text) => {
    const asked = client(urls.api).send(text);
    expect(await asked.status()).toBe(200);
  });

  test('3,000 pipelined requests get 3,000 answers, in order', async () => {
    const { server: patient } = await api({ limits: { requestsPerMinute: 20_000 } });
    const asked = client(new URL(await patient.listen()));
    const paths = ['/api/v1/models', '/nowhere'];
    for (let i = 0; i < 3000; i++) asked.get(paths[i % 2]!, ...(i === 2999 ? ['Connection: close'] : []));
    const text = await asked.received;
    expect(text.match(/(?<=HTTP\/1\.1 )\d+(?= )/g)).toEqual(
      Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? '200' : '404')),
    );
    await patient.close();
  }, 60_000);
});

describe('a method, version or path', () => {
  test.each([
    ['TRACE /api/v1/models HTTP/1.1', /^HTTP\/1\.1 40[045] /],
    ['CONNECT localhost:1 HTTP/1.1', /^(?:HTTP\/1\.1 40[045] |$)/],
    ['PUT /api/v1/score HTTP/1.1', /^HTTP\/1\.1 405 /],
    ['PROPFIND /api/v1/models HTTP/1.1', /^HTTP\/1\.1 40[045] /],
    ['GARBAGE / HTTP/1.1', /^HTTP\/1\.1 400 /],
    ['GET /api/v1/models HTTP/2.0', /^HTTP\/1\.1 (?:200|400) /],
    ['GET /api/v1/models HTTP/9.9', /^HTTP\/1\.1 400 /],
    ['GET /api/v1/models', /^HTTP\/1\.1 (?:200|400) /],
    ['GET /%ff HTTP/1.1', /^HTTP\/1\.1 40[04] /],
    ['GET /%00 HTTP/1.1', /^HTTP\/1\.1 40[04] /],
    ['GET /api/v1/../../etc/passwd HTTP/1.1', /^HTTP\/1\.1 404 /],
    ['GET //api/v1/models HTTP/1.1', /^HTTP\/1\.1 404 /],
    ['POST /api/v1/score?full=true&full=true HTTP/1.1', /^HTTP\/1\.1 4(?:00|15) /],
    ['GET /api/v1/review?limit=1&limit=2 HTTP/1.1', /^HTTP\/1\.1 401 /],
    ['GET /api/v1/review?__proto__=1 HTTP/1.1', /^HTTP\/1\.1 401 /],
    [`GET /${'a'.repeat(15_000)} HTTP/1.1`, /^HTTP\/1\.1 4(?:00|04|14|31) /],
  ])('an unusual method, version or path is answered, never with a 5xx: %s', async (line, answer) => {
    const asked = client(urls.api).send(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(await asked.received).toMatch(answer);
  });

  test('an HTTP server does not upgrade the protocol of a connection', async () => {
    const asked = client(urls.api).get('/api/v1/models', 'Upgrade: h2c', 'Connection: upgrade');
    expect(await asked.status()).toBe(200);
  });
});

test.each([
  ['compressed', gzipSync(message), 'Content-Encoding: gzip'],
  ['in UTF-16', Buffer.from(message, 'utf16le'), 'X: y'],
  ['of bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'X: y'],
  ['in several parts', Buffer.from(message), 'Content-Type: multipart/form-data; boundary=a'],
  ['in no type', Buffer.from(message), 'Content-Type: '],
])('a request body %s is refused with a problem', async (_, body, header) => {
  const type = header.startsWith('Content-Type') ? header : `Content-Type: application/json\r\n${header}`;
  const asked = client(urls.api).send(
    `POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  asked.send(body);
  expect([400, 415]).toContain(await asked.status());
  await expect.poll(() => asked.text).toContain('urn:sluice:problem:');
  expect(scorer.asked).toEqual([]);
});

test('no header field makes one client count as two without a proxy', async () => {
  const { server: limited } = await api({ limits: { requestsPerMinute: 1, closeSeconds: 0.05 } });
  const url = new URL(await limited.listen());
  const statuses: number[] = [];
  for (const header of [
    'X: y',
    'X-Forwarded-For: 192.0.2.1',
    'Forwarded: for=192.0.2.2',
    'X-Real-IP: 192.0.2.3',
    'CF-Connecting-IP: 192.0.2.4',
    'True-Client-IP: 192.0.2.5',
  ])
    statuses.push(await client(url).get('/api/v1/models', header).status());
  expect(statuses).toEqual([200, 429, 429, 429, 429, 429]);
  await limited.close();
});
