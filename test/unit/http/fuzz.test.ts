import { afterEach, expect, test } from 'vitest';
import { createOpsServer } from '../../../src/http/ops-server.ts';
import { api, FakeLog } from './fakes.ts';
import { sendMutated } from './mutated-requests.ts';
import { RawClient } from './raw-client.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test('mutated requests to both listeners get no 5xx and no log line of an error, and each complete one is answered', async () => {
  const limits = { requestsPerMinute: 1e9, headersSeconds: 1, requestSeconds: 1 };
  const { server, log } = await api({ limits });
  const opsLog = new FakeLog();
  const ops = createOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: async () => ({ contentType: 'text/plain', body: 'sluice_up 1\n' }),
    readiness: () => ({ ready: true, reasons: [] }),
    version: {},
    log: opsLog,
  });
  closing.push(
    () => server.close(),
    () => ops.close(),
  );
  const urls = [new URL(await server.listen()), new URL(await ops.listen())];
  const { statuses, lost, failed } = await sendMutated(2000, 7, (n) => new RawClient(urls[n % 2]!));
  expect(failed.map(({ request, answer }) => [request.toString('latin1'), answer])).toEqual([]);
  expect(lost.map((request) => request.toString('latin1'))).toEqual([]);
  expect([...log.lines, ...opsLog.lines].filter((line) => /^(?:warn|error) /.test(line))).toEqual([]);
  // The mutations leave some requests good and break others in several ways.
  expect(statuses.get(200)).toBeGreaterThan(100);
  for (const status of [400, 404]) expect(statuses.get(status), `${status}`).toBeGreaterThan(0);
});
