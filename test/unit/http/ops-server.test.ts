import { describe, expect, test } from 'vitest';
import { createOpsServer, type OpsServerOptions } from '../../../src/http/ops-server.ts';
import { FakeLog } from './fakes.ts';

function ops(changes: Partial<OpsServerOptions> = {}) {
  return createOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: async (accept) => ({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: `# for ${accept}\n`,
    }),
    readiness: () => ({ ready: true, reasons: [] }),
    version: { version: '0.1.0', revision: 'abc', node: 'v20' },
    log: new FakeLog(),
    ...changes,
  });
}

describe('probes', () => {
  test('the liveness probe succeeds even if the daemon is not ready and its parts fail', async () => {
    const server = ops({
      readiness: () => {
        throw new Error('store away');
      },
      metrics: () => Promise.reject(new Error('away')),
    });
    const response = await server.inject('/livez');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'alive' });
    await server.close();
  });

  test('the readiness probe lists what is missing, and checks it again each time', async () => {
    let reasons = ['no model', 'source not open'];
    const server = ops({ readiness: () => ({ ready: reasons.length === 0, reasons }) });
    const before = await server.inject('/readyz');
    expect(before.statusCode).toBe(503);
    expect(before.json()).toEqual({ ready: false, reasons: ['no model', 'source not open'] });
    reasons = [];
    const after = await server.inject('/readyz');
    expect(after.statusCode).toBe(200);
    expect(after.json()).toEqual({ ready: true, reasons: [] });
    expect(after.headers['cache-control']).toBe('no-store');
    await server.close();
  });
});

test('the ops listener serves metrics in the requested format', async () => {
  const server = ops();
  const response = await server.inject({
    url: '/metrics',
    headers: { accept: 'application/openmetrics-text' },
  });
  expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(response.body).toBe('# for application/openmetrics-text\n');
  await server.close();
});

test('the ops listener serves the version', async () => {
  const server = ops();
  expect((await server.inject('/version')).json()).toEqual({
    version: '0.1.0',
    revision: 'abc',
    node: 'v20',
  });
  await server.close();
});

test('the ops listener answers errors as problems', async () => {
  const server = ops({ metrics: () => Promise.reject(new Error('away')) });
  for (const [method, url, status] of [
    ['GET', '/metrics', 500],
    ['GET', '/nowhere', 404],
    ['POST', '/metrics', 405],
  ] as const) {
    const response = await server.inject({ method, url, payload: 'x' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  }
  await server.close();
});

test('the ops listener may be reached by other machines without TLS', async () => {
  const server = ops({ host: '0.0.0.0' });
  const { port } = new URL(await server.listen());
  const response = await fetch(`http://127.0.0.1:${port}/livez`);
  expect(response.status).toBe(200);
  await server.close();
});
