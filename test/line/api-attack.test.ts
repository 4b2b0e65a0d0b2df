import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { megabyteBody } from '../../bench/suites/api-load.ts';
import { DaemonProcess, endAllDaemons, readTrace } from './daemon-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-api-attack-'));
  mkdirSync(join(folder, 'data', 'inbox'), { recursive: true });
  const settings = {
    trace: 'all',
    pool: { threads: 2 },
    http: { api: { port: 0, rateLimitPerMinute: 10_000_000 }, ops: { enabled: false } },
  };
  writeFileSync(join(folder, 'settings.yaml'), JSON.stringify(settings));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const CLIENTS = 10;
const body = megabyteBody('x$dww. x5http://l@a @');

interface Answer {
  /** 0 for none. */
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** Sends about 1 MB of the most expensive text, to be scored in full and explained. */
function attack(api: string): Promise<Answer> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const url = `${api}/api/v1/score?explain=true&full=true`;
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      const retryAfter = response.headers['retry-after'];
      response.once('close', () => resolve({ status: response.statusCode ?? 0, retryAfter }));
    });
    sent.once('error', () => resolve({ status: 0, retryAfter: undefined }));
    sent.end(body);
  });
}

describe('an API whose clients send 1 MB of expensive texts each, without a pause', () => {
  it('API requests take only a bounded share of scoring time from the pipeline, are all answered, and do not keep a daemon with a full queue from draining', async () => {
    const daemon = await DaemonProcess.start(folder);
    const ready = daemon.log.split('\n').find((line) => line.includes('"msg":"ready"'))!;
    const { api } = JSON.parse(ready) as { api: string };
    const answers: Answer[] = [];
    const count = (status: number) => answers.filter((each) => each.status === status).length;
    let isOver = false;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!isOver) {
        answers.push(await attack(api));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    await daemon.until(() => count(429) > 0);
    const before = count(200);
    appendFileSync(
      join(folder, 'data', 'inbox', 'a.jsonl'),
      `${JSON.stringify({ message: 'see you tomorrow', message_id: 'one' })}\n`,
    );
    await daemon.until(() => readTrace(folder).some((line) => line.message_id === 'one'));
    // It waits for no request that waits itself; some may end while the inbox is looked through.
    expect(count(200) - before).toBeLessThan(CLIENTS / 2);
    isOver = true;
    await Promise.all(clients);

    const last = Array.from({ length: CLIENTS }, () => attack(api));
    await Promise.race(last);
    const ended = daemon.kill('SIGTERM');
    answers.push(...(await Promise.all(last)));
    expect(await ended).toEqual({ code: 0, signal: null });
    for (const { status, retryAfter } of answers) {
      expect([200, 429, 503]).toContain(status);
      if (status !== 200) expect(retryAfter).toMatch(/^\d+$/);
    }
  });
});
