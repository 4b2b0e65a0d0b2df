import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ApiServer, ApiServerOptions } from '../../../src/http/api-server.ts';
import { createOpsServer, type OpsServer } from '../../../src/http/ops-server.ts';
import { defaultScoreQueueLimits } from '../../../src/http/score-queue.ts';
import type { Scorer } from '../../../src/ports/scorer.ts';
import { api, asPerson, FakeLog, FakeScorer } from './fakes.ts';
import { RawClient } from './raw-client.ts';

const servers: (ApiServer | OpsServer)[] = [];
const clients: RawClient[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.destroy();
  for (const server of servers.splice(0)) await server.close();
});

async function listening(changes: Partial<ApiServerOptions> = {}) {
  const started = await api(changes);
  servers.push(started.server);
  return { ...started, url: new URL(await started.server.listen()) };
}

async function listeningOps(limits: object = {}, host = '127.0.0.1'): Promise<URL> {
  const server = createOpsServer({
    host,
    port: 0,
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    readiness: () => ({ ready: true, reasons: [] }),
    version: {},
    log: new FakeLog(),
    limits,
  });
  servers.push(server);
  return new URL((await server.listen()).replace('0.0.0.0', '127.0.0.1'));
}

function client(url: URL, localAddress?: string): RawClient {
  const opened = new RawClient(url, localAddress);
  clients.push(opened);
  return opened;
}

const ofLead = Object.entries(asPerson('lea lead')).map(([name, value]) => `${name}: ${value}`);
const message = JSON.stringify({ message: 'spam', message_id: 'a' });
const never: Scorer = { score: () => new Promise(() => {}) };

describe('a handler that takes too long', () => {
  test('a handler that takes too long is answered with 503 and Retry-After over a socket, POST included', async () => {
    const { url } = await listening({ scorer: never, limits: { handlerSeconds: 0.1 } });
    const slow = client(url).post('/api/v1/score', message);
    expect(await slow.status()).toBe(503);
    expect(slow.text).toMatch(/\r\nretry-after: 5\r\n/);
  });

  test('a handler that takes too long is answered so while its request waits behind others in the queue', async () => {
    const { url } = await listening({ scorer: never, limits: { handlerSeconds: 0.1 } });
    const waiting = Array.from({ length: 5 }, () => client(url).post('/api/v1/score', message));
    for (const each of waiting) expect(await each.status()).toBe(503);
  });
});

test('what a client that has left asked for is dropped from the queue', async () => {
  const asked: string[] = [];
  let go = () => {};
  const fake = new FakeScorer();
  const scorer: Scorer = {
    score: async (batch, options) => {
      asked.push(...batch.map((bytes) => Buffer.from(bytes).toString()));
      if (asked.length === 1) await new Promise<void>((resolve) => (go = resolve));
      return fake.score(batch, options);
    },
  };
  const { url } = await listening({ scorer });
  client(url).post('/api/v1/score', JSON.stringify({ message: 'first', message_id: '1' }));
  await expect.poll(() => asked.length).toBe(1);
  const leaving = client(url).post('/api/v1/score', JSON.stringify({ message: 'second', message_id: '2' }));
  const staying = client(url).post('/api/v1/score', JSON.stringify({ message: 'third', message_id: '3' }));
  // Both wait behind the first; a request that is answered at once shows that they have arrived.
  expect(await client(url).get('/api/v1/models').status()).toBe(200);
  leaving.destroy();
  expect(await client(url).get('/api/v1/models').status()).toBe(200);
  go();
  expect(await staying.status()).toBe(200);
  expect(asked.map((json) => (JSON.parse(json) as { message: string }).message)).toEqual(['first', 'third']);
});

describe('a request to score', () => {
  /** The head of a request with a body that never comes. */
  const announce = (url: URL, length: string, ...headers: readonly string[]) =>
    client(url).send(
      `POST /api/v1/score HTTP/1.1\r\n${['Host: localhost', 'Content-Type: application/json', ...ofLead, length, ...headers].join('\r\n')}\r\n\r\n`,
    );
  const proxied = { proxy: 'terminates-tls' } as const;
  const of = (name: string) => `X-Forwarded-For: ${name}`;

  test.each([
    ['its length is announced', 'Content-Length: 900000'],
    ['its length is not announced', 'Transfer-Encoding: chunked'],
  ])(
    'a request to score that its client has no place for is refused before its body has arrived: %s',
    async (_, length) => {
      const queue = { ...defaultScoreQueueLimits, totalCost: 1_000_000 };
      let begun = false;
      const scorer: Scorer = {
        score: () => {
          begun = true;
          return new Promise(() => {});
        },
      };
      const { url } = await listening({ scorer, limits: { queue } });
      client(url).post('/api/v1/score', message);
      await expect.poll(() => begun).toBe(true);
      const refused = announce(url, length);
      expect(await refused.status()).toBe(429);
      expect(refused.text).toMatch(/\r\nretry-after: \d+\r\n/);
    },
  );

  test('a request to score that arrives slowly takes room of its own client only, until that client is gone', async () => {
    const { url, server } = await listening({ ...proxied });
    const length = 'Content-Length: 1000000';
    const slow = [1, 2].map(() => announce(url, length, of('192.0.2.1')));
    // Both have begun once a third has no place.
    await expect.poll(async () => (await post(server, '192.0.2.1', 1_000_000)).statusCode).toBe(429);
    expect((await post(server, '192.0.2.2', 1_000_000)).statusCode).toBe(200);
    for (const each of slow) each.destroy();
    await expect.poll(async () => (await post(server, '192.0.2.1', 1_000_000)).statusCode).toBe(200);
  });

  test('a request to score is put off while too many bodies are arriving from all clients together', async () => {
    const { url, server } = await listening({ ...proxied, limits: { arrivingBytes: 1_500_000 } });
    announce(url, 'Content-Length: 1000000', of('192.0.2.1'));
    await expect.poll(async () => (await post(server, '192.0.2.2', 1_000_000)).statusCode).toBe(503);
    const late = await post(server, '192.0.2.2', 1_000_000);
    expect(late.headers['retry-after']).toBe('1');
    expect((await post(server, '192.0.2.2', 1000)).statusCode).toBe(200);
  });

  test('a request to score is refused by the room that is left when its body has arrived, before that is parsed', async () => {
    const queue = { ...defaultScoreQueueLimits, totalCost: 1000 };
    const { url } = await listening({ ...proxied, scorer: never, limits: { queue } });
    const length = 'Content-Length: 400';
    const arriving = [1, 2, 3].map((i) => announce(url, length, of(`192.0.2.${i}`), 'Expect: 100-continue'));
    // All three are let in, as none of them has taken room yet.
    for (const each of arriving) expect(await each.status()).toBe(100);
    const [first, second, third] = arriving as [RawClient, RawClient, RawClient];
    const costly = JSON.stringify({ message: 'x'.repeat(150), message_id: 'a' });
    for (const each of [first, second]) each.send(costly.padEnd(400));
    // Both have arrived once a fourth has no place.
    await expect
      .poll(() => announce(url, length, of('192.0.2.4'), 'Expect: 100-continue').status())
      .toBe(503);
    third.send('{'.repeat(400));
    await expect.poll(() => third.text).toMatch(/ 503 [\s\S]*\r\nretry-after: \d+\r\n/);
  });

  test('a request to score is not refused any more when it was parsed, though it costs more than its length', async () => {
    const queue = { ...defaultScoreQueueLimits, totalCost: 1000 };
    const { server } = await listening({ ...proxied, limits: { queue } });
    const many = (count: number) => ({
      method: 'POST' as const,
      url: '/api/v1/score',
      headers: { 'x-forwarded-for': '192.0.2.1' },
      payload: { messages: Array(count).fill({ message: 'x', message_id: 'a' }) },
    });
    const answers = await Promise.all([server.inject(many(5)), server.inject(many(5))]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  });

  test('a request to score that is explained takes the room of two', async () => {
    const queue = { ...defaultScoreQueueLimits, totalCost: 2_000_000 };
    const { url } = await listening({ scorer: never, limits: { queue } });
    const explained = (length: number) =>
      client(url).send(
        `POST /api/v1/score?explain=true HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`,
      );
    expect(await explained(300_000).status()).toBe(100);
    expect(await explained(300_000).status()).toBe(429);
  });

  test('a request to score that cannot be scored keeps its room for as long as scoring it would take', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { server } = await listening({ ...proxied });
    const broken = async (client: string, payload: string) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': client };
      return (await server.inject({ method: 'POST', url: '/api/v1/score', payload, headers })).statusCode;
    };
    const none = JSON.stringify({ messages: [] }).padEnd(1_000_000);
    expect(await broken('192.0.2.1', '{'.repeat(1_000_000))).toBe(400);
    expect(await broken('192.0.2.1', none)).toBe(400);
    expect(await broken('192.0.2.1', none)).toBe(429);
    expect(await broken('192.0.2.2', none)).toBe(400);
    vi.advanceTimersByTime(2000);
    expect(await broken('192.0.2.1', none)).toBe(400);
  });

  test('a request to score leaves nothing behind when it was answered', async () => {
    const { server } = await listening({ ...proxied });
    for (let i = 0; i < 40; i++) expect((await post(server, '192.0.2.1', 1_000_000)).statusCode).toBe(200);
  });

  const post = (server: ApiServer, forwarded: string, bytes: number) => {
    const body = { message: 'x', message_id: 'a' };
    return server.inject({
      method: 'POST',
      url: '/api/v1/score',
      headers: { 'x-forwarded-for': forwarded, 'content-type': 'application/json' },
      payload: JSON.stringify(body).padEnd(bytes),
    });
  };
});

test('closing ends what waits in the queue with 503 and does not wait for it', async () => {
  let go = () => {};
  const fake = new FakeScorer();
  let calls = 0;
  const scorer: Scorer = {
    score: async (batch, options) => {
      calls++;
      await new Promise<void>((resolve) => (go = resolve));
      return fake.score(batch, options);
    },
  };
  const { server, url } = await listening({ scorer });
  const running = client(url).post('/api/v1/score', message);
  await expect.poll(() => calls).toBe(1);
  const waiting = Array.from({ length: 10 }, () => client(url).post('/api/v1/score', message));
  await expect.poll(async () => (await client(url).get('/api/v1/models').status()) === 200).toBe(true);
  const closed = server.close();
  for (const each of waiting) expect(await each.status()).toBe(503);
  go();
  expect(await running.status()).toBe(200);
  await closed;
  expect(calls).toBe(1);
});

describe('connections without a request', () => {
  test.each([
    ['silent ones', (each: RawClient) => each],
    ['ones that are kept alive', (each: RawClient) => each.get('/livez')],
    ['ones whose header fields do not end', (each: RawClient) => each.send('GET /livez HTTP/1.1\r\nX: ')],
  ])('connections without a request do not shut probes and metrics out: %s', async (_, begin) => {
    const url = await listeningOps({ connections: 10, connectionsPerClient: 5 });
    const held: RawClient[] = [];
    for (let i = 0; i < 30; i++) held.push(begin(await client(url).connected()));
    for (const path of ['/livez', '/readyz', '/metrics'])
      expect(await client(url).get(path).status()).toBe(200);
    await expect.poll(() => held.filter((each) => each.isOpen).length).toBeLessThanOrEqual(5);
  });

  test('connections without a request do not shut the API out, with TLS or without', async () => {
    const limits = { connections: 10, connectionsPerClient: 5 };
    const { url } = await listening({ limits });
    for (let i = 0; i < 30; i++) await client(url).connected();
    expect(await client(url).get('/api/v1/models').status()).toBe(200);
  });

  test('connections without a request are closed before one that has a request under way', async () => {
    const { url } = await listening({ scorer: never, limits: { connections: 3, connectionsPerClient: 3 } });
    const busy = client(url).post('/api/v1/score', message);
    expect(await client(url).get('/api/v1/models').status()).toBe(200);
    for (let i = 0; i < 10; i++) await client(url).connected();
    expect(await client(url).get('/api/v1/models').status()).toBe(200);
    expect(busy.isOpen).toBe(true);
  });
});

describe('the rate limit', () => {
  test('the rate limit counts all addresses of loopback together', async () => {
    const { url } = await listening({ limits: { requestsPerMinute: 2 } });
    const statuses: number[] = [];
    for (const source of ['127.0.0.1', '127.0.0.7', '127.9.9.9'])
      statuses.push(await client(url, source).get('/api/v1/models').status());
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('the rate limit counts requests for addresses without a route', async () => {
    const { url } = await listening({ limits: { requestsPerMinute: 2 } });
    const statuses: number[] = [];
    for (const path of ['/a', '/b', '/c']) statuses.push(await client(url).get(path).status());
    expect(statuses).toEqual([404, 404, 429]);
  });

  test('the rate limit believes X-Forwarded-For of named proxies only', async () => {
    const proxied = { proxy: 'terminates-tls', limits: { requestsPerMinute: 1 } } as const;
    const { server } = await listening({ ...proxied, trustedProxies: ['10.0.0.0/8'] });
    const from = async (remoteAddress: string, forwarded: string) =>
      (
        await server.inject({
          method: 'GET',
          url: '/api/v1/models',
          remoteAddress,
          headers: { 'x-forwarded-for': forwarded },
        })
      ).statusCode;
    expect(await from('10.1.1.1', '192.0.2.1')).toBe(200);
    expect(await from('10.1.1.1', '192.0.2.2')).toBe(200);
    expect(await from('198.51.100.7', '192.0.2.3')).toBe(200);
    expect(await from('198.51.100.7', '192.0.2.4')).toBe(429);
  });

  test('the rate limit counts what is no address in X-Forwarded-For by the address of the connection', async () => {
    const { url } = await listening({ proxy: 'terminates-tls', limits: { requestsPerMinute: 1 } });
    const statuses: number[] = [];
    for (const garbage of ['zzz', '"', '1.2.3.4.5', ''])
      statuses.push(await client(url).get('/openapi.json', `X-Forwarded-For: ${garbage}`).status());
    expect(statuses).toEqual([200, 429, 429, 429]);
  });
});

describe('a web page of another origin', () => {
  const form = 'Content-Type: application/x-www-form-urlencoded';

  test.each([
    'Origin: https://evil.example',
    'Origin: null',
    'Origin: http://localhost:1',
    'Sec-Fetch-Site: cross-site',
  ])('a web page of another origin may not post a form: %s', async (header) => {
    const { url, scorer } = await listening();
    expect(await client(url).post('/api/find_spam', 'text=spam', form, header).status()).toBe(403);
    expect(scorer.asked).toEqual([]);
  });

  test('a web page of another origin may not read metrics by a name that leads here', async () => {
    const url = await listeningOps();
    for (const path of ['/metrics', '/livez', '/readyz', '/version', '/none']) {
      const rebound = client(url).send(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\n\r\n`);
      expect(await rebound.status()).toBe(421);
    }
  });

  test('a web page of another origin may be the page of the listener itself, and may have a link that leads here', async () => {
    const { url } = await listening();
    const own = `Origin: http://localhost:${url.port}`;
    const posted = client(url).send(
      `POST /api/find_spam HTTP/1.1\r\nHost: localhost:${url.port}\r\n${own}\r\n${form}\r\nContent-Length: 9\r\n\r\ntext=spam`,
    );
    expect(await posted.status()).toBe(200);
    const visit = client(url).get('/openapi.json', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate');
    expect(await visit.status()).toBe(200);
  });

  test('a web page of another origin and a request that names two hosts are refused', async () => {
    const { url } = await listening();
    expect(await client(url).get('/api/v1/models', 'Host: evil.example').status()).toBe(400);
    expect(
      await client(await listeningOps())
        .get('/metrics', 'Host: evil.example')
        .status(),
    ).toBe(400);
  });

  test('a foreign host name is accepted on an ops listener that other machines scrape by its name', async () => {
    const url = await listeningOps({}, '0.0.0.0');
    const scrape = client(url).send('GET /metrics HTTP/1.1\r\nHost: sluice-1:8078\r\n\r\n');
    expect(await scrape.status()).toBe(200);
  });
});

describe('a form', () => {
  const type = 'Content-Type: application/x-www-form-urlencoded';

  test('a form of many fields or of many bytes is refused before it is parsed', async () => {
    const { url } = await listening();
    const fields = 'a=b&'.repeat(40_000);
    expect(await client(url).post('/api/find_spam', fields, type).status()).toBe(413);
    expect(
      await client(url)
        .post('/api/find_spam', `text=${'x'.repeat(300_000)}`, type)
        .status(),
    ).toBe(413);
  });

  test('a form of a message of 60 KiB with each byte escaped is read', async () => {
    const { url } = await listening();
    expect(
      await client(url)
        .post('/api/find_spam', `text=${'%61'.repeat(60_000)}`, type)
        .status(),
    ).toBe(200);
  });
});

test('a page of review rows with long messages ends early and says where the next one begins', async () => {
  const { server, reviews } = await listening();
  const item = {
    community: '',
    sender: null,
    probability: 0.6,
    reasons: [],
    model: 'm',
    position: { topic: 't', partition: 0, offset: 0 },
    origin: 'band',
  } as const;
  const long = Array.from({ length: 50 }, (_, i) => ({
    ...item,
    message_id: `${i}`,
    message: 'x'.repeat(60_000),
  }));
  reviews.add(long);
  const seen: string[] = [];
  let after = '';
  for (let pages = 0; ; pages++) {
    const page = await server.inject({ method: 'GET', url: `/api/v1/review?limit=200${after}` });
    expect(page.rawPayload.length).toBeLessThan(1_200_000);
    const { items, next } = page.json<{ items: { message_id: string }[]; next: string | null }>();
    seen.push(...items.map(({ message_id }) => message_id));
    if (next === null) {
      expect(pages).toBe(2);
      break;
    }
    after = `&after=${next}`;
  }
  expect(seen).toEqual(long.map(({ message_id }) => message_id));
});

test('a client with ten large requests does not keep another client waiting for all of them', async () => {
  const order: string[] = [];
  const fake = new FakeScorer();
  const scorer: Scorer = {
    score: async (batch, options) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push((JSON.parse(Buffer.from(batch[0]!).toString()) as { message_id: string }).message_id);
      return fake.score(batch, options);
    },
  };
  const queue = { ...defaultScoreQueueLimits, sliceCost: 1000 };
  const { server } = await listening({ scorer, proxy: 'terminates-tls', limits: { queue } });
  const post = (forwarded: string, id: string, count: number) =>
    server.inject({
      method: 'POST',
      url: '/api/v1/score',
      headers: { 'x-forwarded-for': forwarded },
      payload: { messages: Array(count).fill({ message: 'x'.repeat(1000), message_id: id }) },
    });
  const large = Array.from({ length: 10 }, () => post('192.0.2.1', 'large', 100));
  const small = await post('192.0.2.2', 'small', 1);
  expect(small.statusCode).toBe(200);
  expect(order.indexOf('small')).toBeLessThan(20);
  for (const each of large) expect((await each).statusCode).toBe(200);
});
