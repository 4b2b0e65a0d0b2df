import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answered, reviewApi } from './review-fixture.ts';

let desk: Awaited<ReturnType<typeof reviewApi>>;
beforeEach(async () => {
  desk = await reviewApi();
  desk.run(`insert into training (class, message, community, source, labelled_by, labelled_at, near_group) values
    (1, 'cheap pills here', 'forum', 'import-1', 'importer', 1000, 'g-1'), (0, 'see you on sunday', '', 'import-1', null, null, null)`);
});
afterEach(() => desk.dispose());

const problem = ({ status, body }: Answered) => [status, body.type.replace('urn:sluice:problem:', '')];
const list = (query = '') => desk.get(`/api/v1/training${query}`, 'lea lead');
const ids = async (query: string) => (await list(query)).body.items.map(({ id }: { id: number }) => id);
const relabel = (body: object, { as = 'lea lead' as 'lea lead' | 'anna moderator', headers = {} } = {}) =>
  desk.ask({ method: 'PATCH', url: '/api/v1/training', as, body, headers });

describe('GET /api/v1/training', () => {
  test('GET /api/v1/training lists rows newest first with a bounded count, page by page', async () => {
    await desk.decide('spam', [1]);
    const { status, body } = await list('?limit=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ count: 3, count_is_exact: true });
    expect(body.items).toMatchObject([
      { id: 3, class: 'spam', source: 'review', labelled_by: 'anna', review_id: 1, decision: 1 },
      { id: 2, class: 'ham', source: 'import-1', labelled_by: null, review_id: null, decision: null },
    ]);
    const { body: rest } = await list(`?limit=2&after=${body.next}`);
    expect(rest.items).toEqual([
      {
        ...{ id: 1, class: 'spam', message: 'cheap pills here', community: 'forum', source: 'import-1' },
        ...{ labelled_by: 'importer', labelled_at: 1000, near_group: 'g-1', review_id: null, decision: null },
      },
    ]);
    expect([rest.next, rest.count]).toEqual([null, null]);
  });

  test('GET /api/v1/training filters by words, class, source, person, community and time', async () => {
    await desk.decide('spam', [1]);
    expect(await ids('?q=SUN')).toEqual([2]);
    expect(await ids('?class=spam')).toEqual([3, 1]);
    expect(await ids('?source=import-1&class=spam')).toEqual([1]);
    expect(await ids('?labelled_by=importer')).toEqual([1]);
    expect(await ids('?community=')).toEqual([2]);
    expect(await ids('?from=1000&to=1001')).toEqual([1]);
    expect(await ids('?q=pills&class=ham')).toEqual([]);
  });

  test('GET /api/v1/training is for leads, and refuses what is no filter or no cursor', async () => {
    expect(problem(await desk.get('/api/v1/training', 'anna moderator'))).toEqual([403, 'forbidden']);
    expect(problem(await desk.ask({ url: '/api/v1/training' }))).toEqual([401, 'unauthorized']);
    expect(problem(await list('?class=maybe'))).toEqual([400, 'invalid-fields']);
    expect((await list('?after=x')).body.errors).toMatchObject([{ parameter: 'after' }]);
  });

  test('GET /api/v1/training ends a page of long texts early, and goes on where it ended', async () => {
    for (let i = 0; i < 3; i++)
      desk.run(`insert into training (class, message) values (1, printf('%.*c', 600000, 'x'))`);
    const { body } = await list('?limit=10');
    expect(body.items.map(({ id }: { id: number }) => id)).toEqual([5]);
    expect(await ids(`?limit=10&after=${body.next}`)).toEqual([4]);
  });
});

describe('PATCH /api/v1/training', () => {
  test('PATCH /api/v1/training gives rows another label, which an undo takes back', async () => {
    await desk.decide('spam', [1]);
    await desk.published();
    const before = (await list()).body.items;
    const { status, body } = await relabel({ label: 'ham', ids: [1, 2, 3], note: 'a mistake' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      // Row 2 was ham already, and nobody had said so.
      ...{ unchanged: 0, decision: { label: 'ham', items: [1], training: [1, 2, 3], note: 'a mistake' } },
    });
    expect((await list()).body.items.map((row: { class: string }) => row.class)).toEqual([
      'ham',
      'ham',
      'ham',
    ]);
    expect((await desk.get('/api/v1/review/1')).body).toMatchObject({ label: 'ham', decided_by: 'lea' });
    expect(await desk.published()).toMatchObject([{ message_id: 'a', verdict: 'ham' }]);
    const undo = { method: 'POST', url: `/api/v1/decisions/${body.decision.id}/undo` } as const;
    expect((await desk.ask({ ...undo, as: 'anna moderator' })).status).toBe(403);
    expect((await desk.ask({ ...undo, as: 'lea lead' })).body).toMatchObject({
      items: [1],
      training: [1, 2, 3],
    });
    expect((await list()).body.items).toEqual(before);
  });

  test('PATCH /api/v1/training makes no decision where all rows have the label already', async () => {
    const { body } = await relabel({ label: 'spam', ids: [1] });
    expect(body).toEqual({ decision: null, unchanged: 1 });
    expect((await desk.get('/api/v1/activity', 'lea lead')).body.items).toEqual([]);
  });

  test('PATCH /api/v1/training answers a repeated idempotency key with the first decision', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await relabel({ label: 'ham', ids: [1, 2] }, { headers });
    expect((await relabel({ label: 'ham', ids: [1, 2] }, { headers })).body).toEqual(first.body);
    expect(problem(await relabel({ label: 'spam', ids: [1] }, { headers }))).toEqual([422, 'key-reused']);
  });

  test('PATCH /api/v1/training changes nothing where a row is gone, and names each such row', async () => {
    const gone = await relabel({ label: 'ham', ids: [98, 1, 99] });
    expect(problem(gone)).toEqual([404, 'not-found']);
    expect(gone.body.errors).toEqual([
      { pointer: '#/ids/0', detail: 'Training row 98 does not exist.' },
      { pointer: '#/ids/2', detail: 'Training row 99 does not exist.' },
    ]);
    expect((await list('?q=pills')).body.items).toMatchObject([{ class: 'spam' }]);
  });

  test('PATCH /api/v1/training is for leads, and takes 1 to 1,000 rows and one of two labels', async () => {
    expect(problem(await relabel({ label: 'ham', ids: [1] }, { as: 'anna moderator' }))).toEqual([
      ...[403, 'forbidden'],
    ]);
    const many = Array.from({ length: 1001 }, (_, i) => i + 1);
    for (const body of [
      { label: 'unsure', ids: [1] },
      { label: 'ham', ids: [] },
      { label: 'ham', ids: [1, 1] },
      { label: 'ham', ids: many },
    ])
      expect(problem(await relabel(body))).toEqual([400, 'invalid-fields']);
  });
});
