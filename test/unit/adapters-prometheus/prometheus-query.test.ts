import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrometheusQuery } from '../../../src/adapters/prometheus/prometheus-query.ts';

let server: Server;
let url: string;
let requests: IncomingMessage[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const json = (body: object, status = 200) => {
  answer = (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const query = { expression: 'sum(rate(a_total[5m]))', start: 1_000_500, end: 1_600_000, stepSeconds: 15 };
const ask = (options: Partial<ConstructorParameters<typeof PrometheusQuery>[0]> = {}) =>
  new PrometheusQuery({ url, ...options }).range(query);
/** As Prometheus 2.42 answers. */
const matrix = (result: readonly object[]) => ({
  status: 'success',
  data: { resultType: 'matrix', result },
  infos: ['metric might not be a counter'],
});

describe('PrometheusQuery', () => {
  it('asks the API for a range, and reads series with labels, times and values', async () => {
    json(
      matrix([
        {
          metric: { verdict: 'spam' },
          values: [
            [1000.5, '1'],
            [1015.5, '2.5e3'],
          ],
        },
        { metric: {}, values: [[1000.5, '0']] },
      ]),
    );
    expect(await ask()).toEqual([
      {
        labels: { verdict: 'spam' },
        points: [
          { at: 1_000_500, value: 1 },
          { at: 1_015_500, value: 2500 },
        ],
      },
      { labels: {}, points: [{ at: 1_000_500, value: 0 }] },
    ]);
    const asked = new URL(requests[0]!.url!, url);
    expect(asked.pathname).toBe('/api/v1/query_range');
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      ...{ query: query.expression, start: '1000.5', end: '1600', step: '15' },
    });
    expect(requests[0]!.headers.authorization).toBeUndefined();
  });

  it('leaves out values that are no number, and reads a series of native histograms as one without points', async () => {
    const values = [
      [1000, 'NaN'],
      [1015, '+Inf'],
      [1030, '7'],
      [1045, '-Inf'],
    ];
    json(
      matrix([
        { metric: { a: 'b' }, values },
        { metric: {}, histograms: [] },
      ]),
    );
    expect(await ask()).toEqual([
      { labels: { a: 'b' }, points: [{ at: 1_030_000, value: 7 }] },
      { labels: {}, points: [] },
    ]);
  });

  it('asks below the path of the address, and logs in with its user and password, which no error shows', async () => {
    json({ status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end' }, 400);
    const secret = url.replace('//', '//an%40na:se%3Acret@');
    const failure = await ask({ url: `${secret}/prometheus/?page=1#top` }).catch((error) => error as Error);
    expect(new URL(requests[0]!.url!, url).pathname).toBe('/prometheus/api/v1/query_range');
    expect(requests[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('an@na:se:cret').toString('base64')}`,
    );
    expect(failure).toMatchObject({ code: 'SERVICE_FAILED' });
    expect(String(failure)).toContain(
      `${url}/prometheus refuses the query sum(rate(a_total[5m])): parse error`,
    );
    expect(String(failure)).not.toContain('cret');
  });

  it.each([
    ['an address that is none', 'localhost:9090'],
    ['an address of a file', 'file:///etc/passwd'],
    ['nothing', ''],
  ])('refuses %s', (_, wrong) => {
    expect(() => new PrometheusQuery({ url: wrong })).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('http://localhost:9090') }),
    );
  });

  it.each([
    ['a page', 200, '<html>\n<title>Log in</title></html>', 'HTTP 200: <html> <title>Log in'],
    ['nothing', 204, '', 'HTTP 204: nothing'],
    ['an error of a proxy', 502, '{"message":"bad gateway"}', 'HTTP 502'],
    [
      'another kind of result',
      200,
      '{"status":"success","data":{"resultType":"vector","result":[]}}',
      'HTTP 200',
    ],
    ['a truncated answer', 200, '{"status":"success","data":{"resultType":"matrix","res', 'HTTP 200'],
  ])('says what it was that came in place of an answer: %s', async (_, status, body, shown) => {
    answer = (response) => response.writeHead(status).end(body);
    await expect(ask()).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringContaining(shown),
    });
  });

  it('ends the transfer of an answer that is too long', async () => {
    let closed = false;
    answer = (response) => {
      response.once('close', () => {
        closed = true;
      });
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    };
    await expect(ask({ maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringContaining('more than 100000 bytes'),
    });
    await expect.poll(() => closed).toBe(true);
  });

  it.each([
    ['never answers', () => {}],
    ['stops in the middle of its answer', (response: ServerResponse) => void response.write('{"status":')],
  ])('gives up a server that %s', async (_, silent) => {
    answer = silent;
    await expect(ask({ deadlineSeconds: 0.2 })).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringContaining('no answer within 0.2 s'),
    });
  });

  it('says that nothing listens at the address, and what to check', async () => {
    const gone = url;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await expect(ask({ url: gone })).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringMatching(/is unavailable \(.*ECONNREFUSED.*\); check that it runs/),
    });
  });
});
