import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import type { ApiServer, ApiServerOptions } from '../../../src/http/api-server.ts';
import { jsonPointer, problemSchema } from '../../../src/http/problem.ts';
import { api, type FakeLog } from './fakes.ts';

const open: ApiServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function started(
  changes: Partial<ApiServerOptions> = {},
): Promise<{ server: ApiServer; log: FakeLog }> {
  const made = await api(changes);
  open.push(made.server);
  return made;
}

async function problem(request: InjectOptions, changes: Partial<ApiServerOptions> = {}) {
  const { server, log } = await started(changes);
  const response = await server.inject(request);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const body = problemSchema.strict().parse(response.json());
  expect(body.status).toBe(response.statusCode);
  return { status: response.statusCode, type: body.type, body, headers: response.headers, log };
}

const score = {
  method: 'POST',
  url: '/api/v1/score',
  payload: { message: 'secret text', message_id: 'a' },
} as const;

function failing(error: unknown): Partial<ApiServerOptions> {
  return { scorer: { score: () => Promise.reject(error) } };
}

describe('each error is a problem document', () => {
  test('the API answers 404 for an unknown path, before it looks at the body', async () => {
    const { status, type } = await problem({
      method: 'POST',
      url: '/api/nowhere?text=x',
      headers: { 'content-type': 'application/json' },
      payload: '{broken',
    });
    expect([status, type]).toEqual([404, 'urn:sluice:problem:not-found']);
  });

  test('the API answers 405 for another method, with the allowed ones', async () => {
    const { status, headers } = await problem({ method: 'DELETE', url: '/api/v1/score?x=1' });
    expect(status).toBe(405);
    expect(headers.allow).toBe('POST');
    expect((await problem({ method: 'PUT', url: '/api/v1/review' })).headers.allow).toBe('GET, HEAD');
  });

  test('the API answers 400 for a path that cannot be decoded', async () => {
    expect((await problem({ method: 'GET', url: '/api/%zz' })).status).toBe(400);
  });

  test('the API answers 400 for a body that is not JSON, without quoting it', async () => {
    const { status, body, log } = await problem({
      ...score,
      headers: { 'content-type': 'application/json' },
      payload: '{"message": secret}',
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(log.lines.join()).not.toContain('secret');
  });

  test('the API answers 413 for a body above the limit', async () => {
    const { status, type } = await problem(
      { ...score, payload: { message: 'x'.repeat(2000), message_id: 'a' } },
      { limits: { bodyBytes: 1000 } },
    );
    expect([status, type]).toEqual([413, 'urn:sluice:problem:too-large']);
  });

  test('the API answers 415 for another content type, and for a form except on find_spam', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'])
      expect((await problem({ ...score, headers: { 'content-type': type }, payload: 'a=b' })).status).toBe(
        415,
      );
  });

  test('the API answers 429 above the rate limit, with the seconds to wait', async () => {
    const { server } = await started({ limits: { requestsPerMinute: 2 } });
    const get = () => server.inject({ method: 'GET', url: '/api/v1/models' });
    expect((await get()).statusCode).toBe(200);
    expect((await get()).statusCode).toBe(200);
    const third = await get();
    expect(third.statusCode).toBe(429);
    expect(problemSchema.parse(third.json()).type).toBe('urn:sluice:problem:too-many-requests');
    const wait = Number(third.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
  });

  test('the API answers 503 with Retry-After for a transient error', async () => {
    for (const error of [
      new SluiceError('SCORER_THREAD_LOST', 'a thread died', { retriable: true }),
      new SluiceError('SCORER_CLOSED', 'the pool is closed'),
    ]) {
      const { status, headers } = await problem(score, failing(error));
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('5');
    }
  });

  test('the API answers 503 if the scorer does not answer in time', async () => {
    const { status, type } = await problem(score, {
      scorer: { score: () => new Promise(() => {}) },
      limits: { handlerSeconds: 0.05 },
    });
    expect([status, type]).toEqual([503, 'urn:sluice:problem:unavailable']);
  });

  test('the API answers 500 for an unexpected error, without details, and logs all of it', async () => {
    for (const error of [
      new Error('at /srv/secret-place'),
      new SluiceError('INTERNAL', 'at /srv/secret-place'),
    ]) {
      const { status, body, log } = await problem(score, failing(error));
      expect(status).toBe(500);
      expect(JSON.stringify(body)).not.toContain('secret-place');
      const line = log.lines.find((each) => each.startsWith('error '));
      expect(line).toContain('secret-place');
      expect(line).toContain(body.instance!.replace('urn:uuid:', ''));
      expect(line).toContain('"route":"/api/v1/score"');
    }
  });

  test('the API answers 500 if the scorer leaves out a message', async () => {
    const { server, scorer } = await api();
    open.push(server);
    const forgetful = {
      score: async (...call: Parameters<typeof scorer.score>) => ({
        ...(await scorer.score(...call)),
        scored: [],
      }),
    };
    for (const payload of [score.payload, { messages: [score.payload] }]) {
      const { status, log } = await problem({ ...score, payload }, { scorer: forgetful });
      expect(status).toBe(500);
      expect(log.lines.join()).toContain('returned nothing for message 0');
    }
  });
});

test('the API never logs the text of a message, whatever happens to the request', async () => {
  const { server, log } = await started();
  await server.inject(score);
  await server.inject({ ...score, url: '/api/v1/score?secret=text' });
  await server.inject({ ...score, payload: { message: 'secret text' } });
  await server.inject({ ...score, url: '/api/find_spam', payload: { text: 'secret text' } });
  await server.inject({ method: 'GET', url: '/api/find_spam?text=secret' });
  expect(log.lines.length).toBeGreaterThan(0);
  expect(log.lines.join()).not.toContain('secret');
});

test('the API on loopback refuses the host name of another machine, as DNS rebinding would send it', async () => {
  const url = '/api/v1/models';
  const refused = await problem({ method: 'GET', url, headers: { host: 'evil.example:8080' } });
  expect(refused.status).toBe(421);
  const { server } = await started();
  for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080', '127.1.2.3'])
    expect((await server.inject({ method: 'GET', url, headers: { host } })).statusCode, host).toBe(200);
  const { server: proxied } = await started({ proxy: 'terminates-tls' });
  const response = await proxied.inject({ method: 'GET', url, headers: { host: 'spam.example' } });
  expect(response.statusCode).toBe(200);
});

test('the API behind a proxy applies the rate limit to each client, by the address that the proxy adds', async () => {
  const { server } = await started({ proxy: 'terminates-tls', limits: { requestsPerMinute: 1 } });
  const get = (forwarded: string) =>
    server.inject({ method: 'GET', url: '/api/v1/models', headers: { 'x-forwarded-for': forwarded } });
  expect((await get('192.0.2.1')).statusCode).toBe(200);
  expect((await get('192.0.2.2')).statusCode).toBe(200);
  // What the client itself put in front of the proxy's entry does not count.
  expect((await get('198.51.100.9, 192.0.2.1')).statusCode).toBe(429);
  const { server: bare } = await started({ limits: { requestsPerMinute: 1 } });
  const spoof = (forwarded: string) =>
    bare.inject({ method: 'GET', url: '/api/v1/models', headers: { 'x-forwarded-for': forwarded } });
  expect((await spoof('192.0.2.1')).statusCode).toBe(200);
  expect((await spoof('192.0.2.2')).statusCode).toBe(429);
});

test('a JSON pointer in a problem escapes its special characters', () => {
  expect(jsonPointer([])).toBe('#');
  expect(jsonPointer(['messages', 3, 'a/b', 'c~d', 'e f'])).toBe('#/messages/3/a~1b/c~0d/e%20f');
});

describe('an address that does not exist', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const asked = async (url: string, headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') => {
    const { server } = await started({ consoleFolder: folder });
    return await server.inject({ method, url, headers });
  };

  test('a browser gets a page with a link to the console, in its language, that repeats nothing of the address', async () => {
    const { statusCode, headers, payload } = await asked('/no%22%3E<b>where?x=<script>', { accept: browser });
    expect([statusCode, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(payload).toContain('<a href="/review">To the console</a>');
    expect(payload).not.toMatch(/where|<b>|script/);
    const german = await asked('/nirgends', {
      accept: browser,
      'accept-language': 'de-DE,de;q=0.9,en;q=0.8',
    });
    expect(german.payload).toContain('<html lang="de">');
  });

  test.each([
    ['/nowhere', { accept: '*/*' }, 'GET'],
    ['/nowhere', {}, 'GET'],
    ['/nowhere', { accept: 'application/json, text/html;q=0.5' }, 'GET'],
    ['/nowhere', { accept: 'text/html;q=0' }, 'GET'],
    ['/nowhere', { accept: browser }, 'POST'],
    ['/api/nowhere', { accept: browser }, 'GET'],
  ] as const)('a program gets a problem document: %s %j %s', async (url, headers, method) => {
    const { statusCode, headers: sent } = await asked(url, headers, method);
    expect(statusCode).toBe(404);
    expect(sent['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('a page with another method than its own is a problem document with the allowed ones', async () => {
    const { statusCode, headers } = await asked('/review', { accept: browser }, 'POST');
    expect([statusCode, headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});
