import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';

/** One fresh database. */
export interface ReviewStoreHarness {
  open(): Promise<ReviewStore>;
  dispose(): Promise<void>;
}

function itemOf(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    community: 'forum',
    message_id: id,
    message: `text of ${id}`,
    sender: null,
    probability: 0.6,
    reasons: ['word: "free"', 'ünïcode'],
    model: '20261101T000000Z-01234567',
    position: { topic: 'chat-messages', partition: 2, offset: 2 ** 40 + 7 },
    origin: 'band',
    ...rest,
  };
}

/** What every adapter behind the port `ReviewStore` promises. */
export function describeReviewStore(name: string, makeHarness: () => Promise<ReviewStoreHarness>): void {
  describe(`${name} as a ReviewStore`, () => {
    let harness: ReviewStoreHarness;
    let store: ReviewStore;

    beforeEach(async () => {
      harness = await makeHarness();
      store = await harness.open();
    });
    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });

    const all = () => store.list({ state: 'open', limit: 10_000 });

    it('gives back what was added, field by field', async () => {
      const items = [
        itemOf('plain'),
        itemOf('unscorable', { probability: null, origin: 'unscorable', sender: 'somebody', reasons: [] }),
      ];
      expect(await store.add(items)).toBe(2);
      const found = await all();
      expect(found.map(({ id, state, created_at, ...item }) => item)).toEqual(items);
      expect(found.every(({ state, created_at }) => state === 'open' && created_at > 1_700_000_000_000)).toBe(
        true,
      );
    });

    it('keeps any text that a message or an id can hold', async () => {
      const texts = [
        '',
        'NUL \0 inside',
        '\0',
        '😀 four bytes',
        "'; drop table review; --",
        'a\r\nb',
        'x'.repeat(65_536),
        'İ',
      ];
      const items = texts.map((text, i) => itemOf(`id-${i}`, { message: text, sender: text }));
      await store.add(items);
      expect((await all()).map(({ message, sender }) => [message, sender])).toEqual(
        texts.map((text) => [text, text]),
      );
    });

    it('changes nothing when an item is added again, and counts only what is new', async () => {
      expect(await store.add([itemOf('a'), itemOf('b'), itemOf('a')])).toBe(2);
      expect(
        await store.add([itemOf('b', { message: 'another text', probability: 0.51 }), itemOf('c')]),
      ).toBe(1);
      expect((await all()).map(({ message_id, message }) => [message_id, message])).toEqual([
        ['a', 'text of a'],
        ['b', 'text of b'],
        ['c', 'text of c'],
      ]);
    });

    it('tells items apart by community, id and origin, letter case and trailing spaces included', async () => {
      const items = [
        itemOf('a'),
        itemOf('A'),
        itemOf('a '),
        itemOf('á'),
        itemOf('a', { community: 'other' }),
        itemOf('a', { origin: 'report' }),
        itemOf('a\0b'),
        itemOf('a\0c'),
      ];
      expect(await store.add(items)).toBe(items.length);
      expect(await store.add(items)).toBe(0);
    });

    it('takes more items at once than fit into one statement', async () => {
      const items = Array.from({ length: 3000 }, (_, i) => itemOf(`m-${i}`));
      expect(await store.add(items)).toBe(3000);
      expect(await store.add([...items, itemOf('one more')])).toBe(1);
    });

    it('lists oldest first, from behind an id, at most as many as asked', async () => {
      await store.add(Array.from({ length: 10 }, (_, i) => itemOf(`m-${i}`)));
      const first = await store.list({ state: 'open', limit: 4 });
      const rest = await store.list({ state: 'open', after: first.at(-1)!.id, limit: 100 });
      expect([...first, ...rest].map(({ message_id }) => message_id)).toEqual(
        Array.from({ length: 10 }, (_, i) => `m-${i}`),
      );
      expect(await store.list({ state: 'labelled', limit: 10 })).toEqual([]);
    });

    it('counts by state', async () => {
      await store.add([itemOf('a'), itemOf('b')]);
      expect(await store.count()).toEqual({ open: 2, leased: 0, labelled: 0, erased: 0 });
    });

    it('keeps everything when it is closed and opened again', async () => {
      await store.add([itemOf('a')]);
      await store.close();
      store = await harness.open();
      expect((await all()).map(({ message_id }) => message_id)).toEqual(['a']);
    });

    it('takes additions at the same time without losing or doubling one', async () => {
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          store.add([itemOf(`m-${i}`), itemOf(`m-${i + 1}`), itemOf('shared')]),
        ),
      );
      expect(added.reduce((sum, count) => sum + count, 0)).toBe(12);
      expect((await store.count()).open).toBe(12);
    });

    it('holds exactly the set of what was ever added, whatever the order and the repeats', async () => {
      const arbitraryItem = fc
        .record({
          message_id: fc.oneof(
            fc.constantFrom('a', 'A', 'b'),
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
          ),
          community: fc.constantFrom('', 'x', 'y'),
          message: fc.string({ unit: 'grapheme', maxLength: 30 }),
        })
        .map(({ message_id, ...rest }) => itemOf(message_id, rest));
      const known = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.array(arbitraryItem, { maxLength: 20 }), async (items) => {
          const before = known.size;
          for (const { community, message_id } of items) known.add(JSON.stringify([community, message_id]));
          expect(await store.add(items)).toBe(known.size - before);
        }),
        { numRuns: 50 },
      );
      expect((await store.count()).open).toBe(known.size);
    });
  });
}
