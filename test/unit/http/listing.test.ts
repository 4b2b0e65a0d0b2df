import { describe, expect, test } from 'vitest';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { api } from './fakes.ts';

function item(id: string): NewReviewItem {
  return {
    community: 'c',
    message_id: id,
    message: `text of ${id}`,
    sender: null,
    probability: 0.6,
    reasons: ['word'],
    model: 'm',
    position: { topic: 'inbox.jsonl', partition: 0, offset: 7 },
    origin: 'band',
  };
}

describe('GET /api/v1/review', () => {
  test('lists page by page, each item once, and says when there are no more', async () => {
    const { server, reviews } = await api();
    await reviews.add(['a', 'b', 'c', 'd'].map(item));
    const seen: string[] = [];
    let next: number | null = 0;
    let pages = 0;
    while (next !== null) {
      const response = await server.inject({
        method: 'GET',
        url: `/api/v1/review?state=open&after=${next}&limit=2`,
      });
      expect(response.statusCode).toBe(200);
      const page = response.json() as { items: { message_id: string }[]; next: number | null };
      seen.push(...page.items.map(({ message_id }) => message_id));
      next = page.next;
      pages++;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    expect(pages).toBe(2);
    await server.close();
  });

  test('shows what a moderator needs of an item', async () => {
    const { server, reviews } = await api();
    await reviews.add([item('a')]);
    const { items, next } = (await server.inject({ method: 'GET', url: '/api/v1/review' })).json();
    expect(items).toEqual([{ ...item('a'), id: 1, state: 'open', created_at: 1_700_000_000_000 }]);
    expect(next).toBeNull();
    expect(
      (await server.inject({ method: 'GET', url: '/api/v1/review?state=labelled' })).json().items,
    ).toEqual([]);
    await server.close();
  });

  test.each(['state=closed', 'limit=0', 'limit=201', 'after=-1', 'after=x', 'limit=1.5'])(
    'answers %s with the name of the parameter',
    async (query) => {
      const { server } = await api();
      const response = await server.inject({ method: 'GET', url: `/api/v1/review?${query}` });
      expect(response.statusCode).toBe(400);
      expect(response.json().errors).toMatchObject([{ parameter: query.split('=')[0] }]);
      await server.close();
    },
  );
});

describe('GET /api/v1/models', () => {
  test('shows what the manifest of the active model says', async () => {
    const { server } = await api();
    const { models } = (await server.inject({ method: 'GET', url: '/api/v1/models' })).json();
    expect(models).toMatchObject([
      {
        version: '20261122T000000Z-0123abcd',
        status: 'active',
        stages: 3,
        trees: 110,
        bytes: 300,
        thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
        members: [{ name: 'logistic-regression', weight: 2 }, { name: 'random-forest' }],
      },
    ]);
    await server.close();
  });

  test('is empty before a model is there', async () => {
    const { server } = await api({ model: () => undefined });
    expect((await server.inject({ method: 'GET', url: '/api/v1/models' })).json()).toEqual({ models: [] });
    await server.close();
  });
});
