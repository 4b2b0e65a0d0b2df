import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reviewItem } from '../../contract/suites/decision-fixture.ts';
import { reviewApi } from './review-fixture.ts';

describe('second opinions over HTTP', () => {
  let api: Awaited<ReturnType<typeof reviewApi>>;
  beforeEach(async () => {
    api = await reviewApi({ secondOpinionShare: 1 });
  });
  afterEach(() => api.dispose());

  const asked = async (as: 'ben moderator' | 'carl moderator') => {
    const { body } = await api.lease(1, as);
    return body.items[0];
  };

  test('who holds a decided row for a second answer sees it undecided, by its address and its version, and not among the decided ones', async () => {
    await api.decide('spam', [1]);
    const item = await asked('ben moderator');
    expect(item).toMatchObject({ id: 1, state: 'leased', label: null, decided_by: null, decided_at: null });
    const { body, headers } = await api.get('/api/v1/review/1', 'ben moderator');
    expect(body).toEqual(item);
    expect(headers.etag).toBe(`"${item.version}"`);
    const listed = async (as: 'ben moderator' | 'carl moderator') =>
      (await api.get('/api/v1/review?state=labelled', as)).body.items.map((each: { id: number }) => each.id);
    expect(await listed('ben moderator')).toEqual([]);
    expect(await listed('carl moderator')).toEqual([1]);
    const answer = await api.decide('spam', [1], {
      ...{ as: 'ben moderator', headers: { 'if-match': `"${item.version}"` } },
    });
    expect(answer).toMatchObject({ status: 200, body: { label: 'spam', items: [1] } });
    expect((await api.get('/api/v1/review/1', 'ben moderator')).body).toMatchObject({ state: 'labelled' });
  });

  test('a lead who is asked for a second answer does not see the label in the training data until it is given', async () => {
    await api.decide('spam', [1]);
    const listed = async (as: 'lena lead' | 'lou lead', query = '') =>
      (await api.get(`/api/v1/training${query}`, as)).body.items.map(
        ({ review_id, class: label }: { review_id: number; class: string }) => [review_id, label],
      );
    expect(await listed('lena lead')).toEqual([[1, 'spam']]);
    const { body } = await api.lease(1, 'lena lead');
    expect(body.items).toMatchObject([{ id: 1, label: null }]);
    expect(await listed('lena lead')).toEqual([]);
    expect(await listed('lena lead', '?class=spam')).toEqual([]);
    expect(await listed('lou lead')).toEqual([[1, 'spam']]);
    await api.decide('spam', [1], { as: 'lena lead' });
    expect(await listed('lena lead')).toEqual([[1, 'spam']]);
  });

  test('the messages that are nearest to a row do not show its own decision', async () => {
    const message = 'marmalade for the harbor master, forty jars on Sunday';
    await api.add([reviewItem('own', { message }), reviewItem('own', { message, origin: 'audit' })]);
    await api.add([reviewItem('twin', { message })]);
    await api.decide('spam', [6, 7, 8]);
    const { status, body } = await api.get('/api/v1/review/6/nearest', 'ben moderator');
    expect(status).toBe(200);
    expect(body.items).toEqual([
      {
        ...{ review_id: 8, community: 'forum', message, label: 'spam', source: 'review' },
        ...{ labelled_by: 'anna', labelled_at: api.clock.now, similarity: 1 },
      },
    ]);
    expect((await api.get('/api/v1/review/99/nearest')).status).toBe(404);
    expect((await api.get('/api/v1/review/6/nearest', 'vera viewer')).status).toBe(200);
  });

  test('a moderator sees the own agreement, a lead that of the team and of each two people', async () => {
    const rows = Array.from({ length: 24 }, (_, index) => reviewItem(`m${index}`));
    await api.add(rows);
    const ids = rows.map((_, index) => index + 6);
    await api.decide('spam', ids.slice(0, 12));
    await api.decide('ham', ids.slice(12));
    for (let left = 24; left > 0; ) {
      const { items } = (await api.lease(20, 'ben moderator', { community: 'forum' })).body;
      const own = items.filter(({ id }: { id: number }) => id > 5);
      for (const { id } of own) await api.decide(id < 18 ? 'spam' : 'ham', [id], { as: 'ben moderator' });
      left -= own.length;
    }
    // The clock of the store is set; the route's is not.
    const path = '/api/v1/review/agreement?days=3650';
    const { body: own } = await api.get(path, 'anna moderator');
    expect(own).toMatchObject({ mine: { pairs: 24, observed: 1, kappa: 1 }, team: null, people: null });
    expect((await api.get(path, 'carl moderator')).body.mine).toMatchObject({ pairs: 0, kappa: null });
    const { body: all } = await api.get(path, 'lena lead');
    expect(all.team).toMatchObject({ pairs: 24, kappa: 1, low: 1, high: 1 });
    expect(all.people).toMatchObject([{ names: ['anna', 'ben'], pairs: 24 }]);
    expect(all.weeks).toHaveLength(1);
    expect(new Date(all.weeks[0].week).getUTCDay()).toBe(1);
    expect((await api.get('/api/v1/review/agreement?days=0')).status).toBe(400);
  });
});
