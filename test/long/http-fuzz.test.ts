import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DaemonProcess, endAllDaemons } from '../line/daemon-process.ts';
import { sendMutated } from '../unit/http/mutated-requests.ts';
import { RawClient } from '../unit/http/raw-client.ts';

const REQUESTS = 100_000;
const WARM_UP = 20_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-http-fuzz-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

function residentMebibytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

it('a daemon answers 100,000 mutated requests to both listeners without a 5xx, without losing one, in constant memory', async () => {
  const settings = {
    state: { path: join(folder, 'data') },
    log: { level: 'info', format: 'json' },
    http: { api: { port: 0, rateLimitPerMinute: 10_000_000, requestTimeoutSeconds: 1 }, ops: { port: 0 } },
    pool: { threads: 2 },
  };
  writeFileSync(join(folder, 'settings.yaml'), JSON.stringify(settings));
  const daemon = await DaemonProcess.start(folder);
  const ready = daemon.log.split('\n').find((line) => line.includes('"msg":"ready"'))!;
  const { api, ops } = JSON.parse(ready) as { api: string; ops: string };
  const urls = [new URL(api), new URL(ops)];
  const open = (n: number) => new RawClient(urls[n % 2]!);
  const warm = await sendMutated(WARM_UP, 1, open);
  const before = residentMebibytes(daemon.pid);
  const { statuses, lost, failed } = await sendMutated(REQUESTS - WARM_UP, 2, open);
  const after = residentMebibytes(daemon.pid);
  console.log(
    `answers: ${JSON.stringify([...statuses])}; ${before.toFixed(0)} MiB before, ${after.toFixed(0)} after`,
  );
  expect([...warm.failed, ...failed].map(({ request, answer }) => [`${request}`, answer])).toEqual([]);
  expect([...warm.lost, ...lost].map((request) => request.toString('latin1'))).toEqual([]);
  expect(daemon.log.split('\n').filter((line) => /"level":"(?:warn|error)"/.test(line))).toEqual([]);
  expect(after - before).toBeLessThan(64);
});
