import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErasureReport, ErasureSubject } from '../../../src/core/erasure.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { ErasureJobs } from '../../../src/erasure/erasure-jobs.ts';
import type { ErasureRequest } from '../../../src/ports/eraser.ts';
import { HandClock } from '../accounts/access-fixture.ts';
import { api, asPerson, FakeLog } from './fakes.ts';

const report: ErasureReport = {
  ...{ subject_sha256: 'a'.repeat(64), dry_run: false, complete: true, texts: 2, too_short: 0 },
  stores: [{ store: 'database', location: '/data/sluice.db', removed: 3, bytes: 4096, found: 0 }],
  unreachable: [{ what: 'trained models', retention: 'train again' }],
};

let server: Awaited<ReturnType<typeof api>>['server'];
let clock: HandClock;
let log: FakeLog;
let asked: { readonly subject: ErasureSubject; readonly request: ErasureRequest }[];
let end: (result: ErasureReport | Error) => Promise<void>;
let closed = 0;

beforeEach(async () => {
  clock = new HandClock();
  log = new FakeLog();
  asked = [];
  const erasures = new ErasureJobs({
    ...{ clock, log },
    eraser: {
      erase: (subject, request) =>
        new Promise((resolve, reject) => {
          asked.push({ subject, request });
          end = async (result) => {
            if (result instanceof Error) reject(result);
            else resolve(result);
            await new Promise(setImmediate);
          };
        }),
      close: async () => void closed++,
    },
  });
  ({ server } = await api({ erasures }));
});
afterEach(() => server.close());

async function ask(method: 'GET' | 'DELETE', url: string, as = 'ada admin') {
  const answer = await server.inject({
    ...{ method, url: `/api/v1${url}`, headers: asPerson(as as 'ada admin') },
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what the server sent.
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() as any };
}

describe('DELETE /api/v1/subjects/{kind}/{id}', () => {
  it('begins an erasure by the one who asks, which can be asked about until its proof is there', async () => {
    const begun = await ask('DELETE', '/subjects/sender/4711%2Fa%20%C3%A4?community=forum');
    expect(begun).toMatchObject({
      ...{ status: 202, headers: { location: `/api/v1/erasures/${begun.body.id}` } },
      body: { state: 'running', dry_run: false, who: 'ada', report: null, ended_at: null },
    });
    expect(asked).toEqual([
      {
        subject: { kind: 'sender', sender: '4711/a ä', community: 'forum' },
        request: { dryRun: false, who: 'ada' },
      },
    ]);
    clock.seconds += 90;
    await end(report);
    const done = await ask('GET', `/erasures/${begun.body.id}`);
    expect(done.body).toEqual({
      ...{ id: begun.body.id, dry_run: false, who: 'ada', state: 'done', problem: null, report },
      ...{ started_at: clock.now() - 90_000, ended_at: clock.now() },
    });
    // Whose text it was is in no answer and in no log line.
    expect(JSON.stringify([begun.body, done.body, log.lines])).not.toContain('4711');
  });

  it.each([
    ['/subjects/message/forum%2F18', { kind: 'message', community: 'forum', message_id: '18' }],
    ['/subjects/message/%2F18', { kind: 'message', community: '', message_id: '18' }],
    ['/subjects/message/a%2F18?community=', { kind: 'message', community: '', message_id: 'a/18' }],
    [`/subjects/sender/${'%F0%9F%90%88'.repeat(200)}`, { kind: 'sender', sender: '🐈'.repeat(200) }],
  ])('reads %s', async (url, subject) => {
    expect((await ask('DELETE', `${url}${url.includes('?') ? '&' : '?'}dry_run=true`)).status).toBe(202);
    expect(asked).toEqual([{ subject, request: { dryRun: true, who: 'ada' } }]);
  });

  it('refuses what names nobody, and everybody but admins', async () => {
    for (const url of ['/subjects/message/18', '/subjects/message/forum%2F', '/subjects/person/18'])
      expect((await ask('DELETE', url)).status).toBe(400);
    for (const url of ['/subjects/sender/1', '/subjects/message/a%2Fb'])
      expect((await ask('DELETE', url, 'lea lead')).status).toBe(403);
    expect((await ask('GET', '/erasures', 'lea lead')).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('is refused while another one runs, and says where that is seen', async () => {
    const first = await ask('DELETE', '/subjects/sender/1?dry_run=true');
    const second = await ask('DELETE', '/subjects/sender/2');
    expect(second).toMatchObject({ status: 409, body: { type: 'urn:sluice:problem:erasure-running' } });
    expect((await ask('GET', '/erasures')).body.erasures).toEqual([first.body]);
    await end(report);
    expect((await ask('DELETE', '/subjects/sender/2')).status).toBe(202);
    expect(asked).toHaveLength(2);
  });

  it('says why one failed, and lets it be asked for again', async () => {
    const { body } = await ask('DELETE', '/subjects/sender/1');
    await end(
      new SluiceError('STORE_FAILED', 'another erasure runs in /data; run this one when it has ended'),
    );
    expect((await ask('GET', `/erasures/${body.id}`)).body).toMatchObject({
      ...{ state: 'failed', report: null },
      problem: 'another erasure runs in /data; run this one when it has ended',
    });
    expect((await ask('DELETE', '/subjects/sender/1')).status).toBe(202);
  });
});

describe('GET /api/v1/erasures', () => {
  it('lists the newest first, forgets them after a day, and never the one that runs', async () => {
    const first = await ask('DELETE', '/subjects/sender/1?dry_run=true');
    await end(report);
    const second = await ask('DELETE', '/subjects/sender/1');
    const ids = async () => (await ask('GET', '/erasures')).body.erasures.map(({ id }: { id: string }) => id);
    expect(await ids()).toEqual([second.body.id, first.body.id]);
    clock.seconds += 86_401;
    expect(await ids()).toEqual([second.body.id]);
    expect((await ask('GET', `/erasures/${first.body.id}`)).status).toBe(404);
  });
});
