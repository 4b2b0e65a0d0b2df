import { describe, expect, test } from 'vitest';
import type { QueueItem } from '../../../src/ports/decision-store.ts';
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

const undecided = {
  version: '0-0',
  label: null,
  decided_by: null,
  decided_at: null,
  unsure: 0,
  campaign: null,
  reporters: 0,
};

describe('GET /api/v1/review', () => {
  test('GET /api/v1/review lists each item once, page by page, and states when there are no more', async () => {
    const { server, reviews } = await api();
    reviews.add(['a', 'b', 'c', 'd'].map(item));
    const seen: string[] = [];
    let next: string | null = '0';
    let pages = 0;
    while (next !== null) {
      const response = await server.inject({
        method: 'GET',
        url: `/api/v1/review?state=open&after=${next}&limit=2`,
      });
      expect(response.statusCode).toBe(200);
      const page = response.json() as { items: { message_id: string }[]; next: string | null };
      seen.push(...page.items.map(({ message_id }) => message_id));
      next = page.next;
      pages++;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    expect(pages).toBe(2);
    await server.close();
  });

  test('GET /api/v1/review gives no next page after rows before which others may still appear, so that none is missed', async () => {
    const { server, reviews } = await api();
    const page = async (after: string) => {
      const url = `/api/v1/review?after=${after}&limit=2`;
      return (await server.inject({ method: 'GET', url })).json() as {
        items: { message_id: string }[];
        next: string | null;
      };
    };
    const row = (id: number, name: string, created_at: number): QueueItem => ({
      ...item(name),
      ...{ id, state: 'open', created_at },
      ...undecided,
    });
    reviews.settleSeconds = 30;
    const young = Date.now();
    // The transaction of 3 and 4 is not committed yet.
    reviews.items.push(
      row(1, 'a', 1),
      row(2, 'b', 1),
      row(5, 'e', young),
      row(6, 'f', young),
      row(7, 'g', young),
    );
    const first = await page('0');
    expect([first.items.map(({ message_id }) => message_id), first.next]).toEqual([['a', 'b'], '2']);
    const second = await page('2');
    expect([second.items.map(({ message_id }) => message_id), second.next]).toEqual([['e', 'f'], null]);
    reviews.items.splice(2, 0, row(3, 'c', young), row(4, 'd', young));
    for (const [at, old] of reviews.items.entries())
      reviews.items[at] = { ...old, created_at: young - 31_000 };
    const third = await page('2');
    expect([third.items.map(({ message_id }) => message_id), third.next]).toEqual([['c', 'd'], '4']);
    await server.close();
  });

  test('GET /api/v1/review shows the fields of an item that a moderator needs', async () => {
    const { server, reviews } = await api();
    reviews.add([item('a')]);
    const { items, next } = (await server.inject({ method: 'GET', url: '/api/v1/review' })).json();
    expect(items).toEqual([
      { ...item('a'), ...undecided, id: 1, state: 'open', created_at: 1_700_000_000_000 },
    ]);
    expect(next).toBeNull();
    expect(
      (await server.inject({ method: 'GET', url: '/api/v1/review?state=labelled' })).json().items,
    ).toEqual([]);
    await server.close();
  });

  test.each(['state=closed', 'limit=0', 'limit=201', 'after=x', 'limit=1.5'])(
    'GET /api/v1/review answers %s with the name of the invalid parameter',
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
  test('GET /api/v1/models shows the manifest of the active model', async () => {
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

  test('GET /api/v1/models is empty before there is a model', async () => {
    const { server } = await api({ model: () => undefined });
    expect((await server.inject({ method: 'GET', url: '/api/v1/models' })).json()).toEqual({ models: [] });
    await server.close();
  });
});
