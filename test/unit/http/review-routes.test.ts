import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Explanation } from '../../../src/core/explanation.ts';
import { reviewItem } from '../../contract/suites/decision-fixture.ts';
import { reviewApi } from './review-fixture.ts';

let desk: Awaited<ReturnType<typeof reviewApi>>;
beforeEach(async () => {
  desk = await reviewApi();
});
afterEach(() => desk.dispose());

const names = (items: readonly { readonly message_id: string }[]) =>
  items.map(({ message_id }) => message_id);

describe('GET /api/v1/review', () => {
  test('GET /api/v1/review filters by community, probability, origin, sender, model, time and text', async () => {
    desk.clock.now += 60_000;
    await desk.add([
      reviewItem('f', { community: 'shop', probability: 0.9, sender: 'mallory', origin: 'audit' }),
      reviewItem('g', { model: '20261101T000000Z-ffffffff', message: 'A Watch for 100 % less' }),
    ]);
    const found = async (query: string) => names((await desk.get(`/api/v1/review?${query}`)).body.items);
    expect(await found('community=shop')).toEqual(['f']);
    // Rows of the audit sample have no probability to filter by.
    expect(await found('min=0.8')).toEqual([]);
    expect(await found('max=0.7')).toEqual(['a', 'b', 'c', 'd', 'e', 'g']);
    expect(await found('origin=audit')).toEqual(['f']);
    expect(await found('sender=mallory')).toEqual(['f']);
    expect(await found('model=20261101T000000Z-ffffffff')).toEqual(['g']);
    expect(await found(`q=${encodeURIComponent('100 % LESS')}`)).toEqual(['g']);
    expect(await found(`from=${desk.clock.now}`)).toEqual(['f', 'g']);
    expect(await found(`to=${desk.clock.now}&limit=2`)).toEqual(['a', 'b']);
    expect(await found('state=labelled')).toEqual([]);
  });

  test('GET /api/v1/review orders by uncertainty, audit sample or age, and goes on where the last page ended', async () => {
    await desk.add([reviewItem('f', { probability: 0.51 }), reviewItem('g', { origin: 'audit' })]);
    const first = async (order: string) =>
      names((await desk.get(`/api/v1/review?order=${order}`)).body.items)[0];
    // A row of the audit sample, whose score stays hidden, stands where the model is most uncertain.
    expect(await first('uncertainty')).toBe('g');
    expect(await first('audit')).toBe('g');
    expect(await first('age')).toBe('a');
    const seen: string[] = [];
    let after = '';
    for (let pages = 1; ; pages++) {
      const { body } = await desk.get(`/api/v1/review?order=uncertainty&limit=3${after}`);
      seen.push(...names(body.items));
      after = `&after=${body.next}`;
      if (body.next !== null) continue;
      expect(pages).toBe(3);
      break;
    }
    expect(seen).toEqual(['g', 'f', 'a', 'b', 'c', 'd', 'e']);
  });

  test('GET /api/v1/review refuses the cursor of another order, by the name of the parameter', async () => {
    const { body } = await desk.get('/api/v1/review?order=age&limit=1');
    const wrong = await desk.get(`/api/v1/review?order=uncertainty&after=${body.next}`);
    expect([wrong.status, wrong.body.errors[0].parameter]).toEqual([400, 'after']);
  });
});

describe('GET /api/v1/review/{id}', () => {
  test('GET /api/v1/review/{id} shows the row, and its version as ETag', async () => {
    const { status, body, headers } = await desk.get('/api/v1/review/2', 'vic viewer');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 2, message: 'text of b', state: 'open', label: null });
    expect(headers.etag).toBe(`"${body.version}"`);
    await desk.decide('spam', [2]);
    const later = await desk.get('/api/v1/review/2');
    expect(later.body).toMatchObject({ state: 'labelled', label: 'spam', decided_by: 'anna' });
    expect(later.headers.etag).not.toBe(headers.etag);
  });

  test('GET /api/v1/review/{id} answers 404 for a row that is not there, and 400 for what is no id', async () => {
    expect((await desk.get('/api/v1/review/99')).body).toMatchObject({
      type: 'urn:sluice:problem:not-found',
      detail: 'There is no review row 99.',
    });
    expect((await desk.get('/api/v1/review/x')).status).toBe(400);
  });
});

describe('leases', () => {
  test('a lease gives two people different rows, is renewed, and gives them back', async () => {
    const anna = await desk.lease(2);
    const ben = await desk.lease(2, 'ben moderator');
    expect([names(anna.body.items), names(ben.body.items)]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(anna.body).toMatchObject({ seconds: 60, until: desk.clock.now + 60_000 });
    desk.clock.now += 50_000;
    const url = `/api/v1/review/leases/${anna.body.id}`;
    const renewed = await desk.ask({ method: 'PUT', url, as: 'anna moderator' });
    expect([renewed.status, renewed.body]).toEqual([
      200,
      { id: anna.body.id, until: desk.clock.now + 60_000, seconds: 60 },
    ]);
    const released = await desk.ask({ method: 'DELETE', url, as: 'anna moderator' });
    expect([released.status, released.body]).toEqual([204, undefined]);
    expect(names((await desk.lease(9)).body.items)).toEqual(['a', 'b', 'e']);
  });

  test('a lease takes the rows of a filter', async () => {
    await desk.add([reviewItem('f', { community: 'shop' })]);
    expect(names((await desk.lease(5, 'anna moderator', { community: 'shop' })).body.items)).toEqual(['f']);
  });

  test('a lease that has ended is answered with 410, and one of somebody else with 409', async () => {
    const { body } = await desk.lease(1);
    const url = `/api/v1/review/leases/${body.id}`;
    expect((await desk.ask({ method: 'PUT', url, as: 'ben moderator' })).body).toMatchObject({
      ...{ status: 409, type: 'urn:sluice:problem:lease-held', detail: 'The lease is of anna.' },
    });
    desk.clock.now += 61_000;
    expect((await desk.ask({ method: 'PUT', url, as: 'anna moderator' })).body).toMatchObject({
      ...{ status: 410, type: 'urn:sluice:problem:lease-expired' },
    });
  });
});

describe('GET /api/v1/review/stats', () => {
  test('GET /api/v1/review/stats counts what waits and what was decided, by me and by all', async () => {
    await desk.decide('spam', [1, 2]);
    await desk.decide('ham', [3], { as: 'ben moderator' });
    await desk.decide('unsure', [4]);
    await desk.lease(1);
    const now = Date.now();
    desk.clock.now = now;
    const { body } = await desk.get('/api/v1/review/stats');
    expect(body).toMatchObject({ open: 2, outbox: { rows: 3 } });
  });

  test('GET /api/v1/review/stats counts the last hour apart from what is older', async () => {
    desk.clock.now = Date.now() - 7_200_000;
    await desk.decide('spam', [1, 2]);
    desk.clock.now = Date.now();
    await desk.decide('ham', [3], { as: 'ben moderator' });
    await desk.decide('spam', [4]);
    const { body } = await desk.get('/api/v1/review/stats');
    expect([body.mine.last_hour, body.team.last_hour]).toEqual([1, 2]);
  });
});

describe('GET /api/v1/review/{id}/explanation', () => {
  const explanation: Explanation = {
    ...{ model: 'm', probability: 0.6, logOdds: 0.4, prior: -1 },
    terms: [{ feature: 'w:free', kind: 'feature', contribution: 1.4, spans: [{ start: 0, end: 4 }] }],
    ...{ baseModels: [], part: null, highlights: [], deobfuscated: [] },
  };

  test('GET /api/v1/review/{id}/explanation gives the reasons with the thresholds of the community', async () => {
    await desk.dispose();
    const asked: unknown[] = [];
    desk = await reviewApi({
      explainer: {
        explain: async (message) => {
          asked.push(message);
          return { explanation, thresholds: { rejectMin: 0.3, rejectMax: 0.8 } };
        },
      },
    });
    const { body } = await desk.get('/api/v1/review/1/explanation', 'vic viewer');
    expect(body).toEqual({ ...explanation, thresholds: { reject_min: 0.3, reject_max: 0.8 } });
    expect(asked).toEqual([{ message: 'text of a', community: 'forum' }]);
    expect((await desk.get('/api/v1/review/77/explanation')).status).toBe(404);
  });

  test('GET /api/v1/review/{id}/explanation says so where the message has no score', async () => {
    expect((await desk.get('/api/v1/review/1/explanation')).body).toMatchObject({
      ...{ status: 400, type: 'urn:sluice:problem:message-unreadable' },
    });
  });
});

test('what shows the queue or changes it wants to know who asks', async () => {
  const routes = [
    ['GET', '/api/v1/review'],
    ['GET', '/api/v1/review/1'],
    ['GET', '/api/v1/review/1/explanation'],
    ['GET', '/api/v1/review/stats'],
    ['GET', '/api/v1/decisions'],
    ['GET', '/api/v1/activity'],
    ['POST', '/api/v1/review/leases', { count: 1 }],
    ['PUT', '/api/v1/review/leases/x'],
    ['DELETE', '/api/v1/review/leases/x'],
    ['POST', '/api/v1/decisions', { label: 'spam', items: [{ review_id: 1 }] }],
    ['POST', '/api/v1/decisions/1/undo'],
  ] as const;
  for (const [method, url, body] of routes)
    expect(
      (await desk.ask({ method, url, ...(body === undefined ? {} : { body }) })).body,
      url,
    ).toMatchObject({
      ...{ status: 401, type: 'urn:sluice:problem:unauthorized' },
    });
});
