import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activityRoute } from '../../../src/http/activity-route.ts';
import type { ActivityEntry, Page } from '../../../src/ports/decision-store.ts';
import { bareApp } from './guarded-app.ts';
import { reviewApi } from './review-fixture.ts';

let desk: Awaited<ReturnType<typeof reviewApi>>;
beforeEach(async () => {
  desk = await reviewApi();
});
afterEach(() => desk.dispose());

const activity = (query = '') => desk.get(`/api/v1/activity${query}`, 'lea lead');

test('GET /api/v1/activity filters by person, kind and time', async () => {
  await desk.decide('spam', [1]);
  desk.clock.now += 10;
  await desk.decide('ham', [2], { as: 'ben moderator' });
  const who = async (query: string) =>
    (await activity(query)).body.items.map((entry: ActivityEntry) => entry.who);
  expect(await who('')).toEqual(['ben', 'anna']);
  expect(await who('?who=anna')).toEqual(['anna']);
  expect(await who('?what=undo')).toEqual([]);
  expect(await who(`?what=decision&from=${desk.clock.now}`)).toEqual(['ben']);
  expect(await who(`?to=${desk.clock.now}`)).toEqual(['anna']);
  expect((await activity('?from=yesterday')).status).toBe(400);
});

test('GET /api/v1/activity with format=jsonl sends all entries that the filter finds, beyond one page', async () => {
  desk.run(`insert into activity (who, what, "before", "after", "when")
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 330)
    select case when i % 3 = 0 then 'ben' else 'anna' end, 'decision', null, '{"text":"a\\nb"}', i from n`);
  const { status, headers, body } = await activity('?format=jsonl&who=ben&limit=1');
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/jsonl',
    'content-disposition': 'attachment; filename="activity.jsonl"',
    'cache-control': 'no-store',
  });
  const lines = (body as string).trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as ActivityEntry);
  expect(entries).toHaveLength(110);
  expect(entries[0]).toEqual({
    ...{ id: 330, who: 'ben', what: 'decision', before: null, after: { text: 'a\nb' }, when: 330 },
  });
  expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 110 }, (_, i) => 330 - 3 * i));
  expect((await desk.get('/api/v1/activity?format=jsonl', 'anna moderator')).status).toBe(403);
});

/** A log of endless pages, of which one fails or all take their time. */
async function serve(page: (number: number) => Promise<Page<ActivityEntry>>, handlerSeconds = 30) {
  const { app, listener } = bareApp({ handlerSeconds });
  app.addHook('onRequest', async (request) => {
    request.actor = { name: 'lea', role: 'lead' };
  });
  let pages = 0;
  activityRoute(app, { activity: () => page(++pages) });
  return { url: await listener.listen(), close: () => listener.close(), pages: () => pages };
}

const entry = { id: 1, who: 'lea', what: 'decision', before: null, after: 'x'.repeat(1000), when: 1 };

test('an export of the activity log that fails in its middle ends without its end, so that it is not taken for whole', async () => {
  const served = await serve(async (number) => {
    if (number === 3) throw new Error('planted');
    return { items: [entry], next: 'more' };
  });
  const answer = await fetch(`${served.url}/api/v1/activity?format=jsonl`);
  await expect(answer.text()).rejects.toThrow();
  await served.close();
});

test('an export of the activity log goes on after the time in which other requests have to be answered', async () => {
  const served = await serve(async (number) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { items: [entry], next: number === 10 ? null : 'more' };
  }, 0.05);
  const answer = await fetch(`${served.url}/api/v1/activity?format=jsonl`);
  expect((await answer.text()).trimEnd().split('\n')).toHaveLength(10);
  await served.close();
});

test('an export of the activity log reads no further than its client does', async () => {
  const served = await serve(async () => ({ items: Array.from({ length: 100 }, () => entry), next: 'more' }));
  const request = get(`${served.url}/api/v1/activity?format=jsonl`);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.pause();
  let before = -1;
  // Until the buffers between them are full.
  while (before !== served.pages()) {
    before = served.pages();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(before).toBeLessThan(1000);
  answer.destroy();
  await served.close();
  const after = served.pages();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(served.pages()).toBe(after);
});
