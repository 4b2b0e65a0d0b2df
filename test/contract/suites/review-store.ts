import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewReviewItem, ReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';

/** One fresh database. */
export interface ReviewStoreHarness {
  open(): Promise<ReviewStore>;
  /** Runs a statement on the tables, as a program that labels would. */
  run(statement: string): Promise<void>;
  dispose(): Promise<void>;
}

/** Halves of surrogate pairs among them, as where a program cuts an id after so many. */
const codeUnit = fc.oneof(
  fc.constantFrom('a', 'd', '8', '0', '\ufdd0', '\ufffd', '\ud800', '\ud83d', '\udc00', '\ude00'),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);

const facts = { inclusionProbability: 1e-4, verdict: 'ham', language: 'de' } as const;

const at = (offset: number) => ({ topic: 'chat-messages', partition: 2, offset });

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

    it(`${name} as a ReviewStore returns each field of an item as it was added`, async () => {
      const items = [
        itemOf('plain'),
        itemOf('unscorable', { probability: null, origin: 'unscorable', sender: 'somebody', reasons: [] }),
        itemOf('drawn', { origin: 'audit', probability: 0.04, audit: facts }),
        itemOf('drawn-unscorable', { origin: 'audit', probability: null, audit: { ...facts, language: '' } }),
      ];
      expect(await store.add(items)).toBe(4);
      const found = await all();
      expect(found.map(({ id, state, created_at, ...item }) => item)).toEqual(items);
      expect(found.every(({ state, created_at }) => state === 'open' && created_at > 1_700_000_000_000)).toBe(
        true,
      );
    });

    it(`${name} as a ReviewStore replaces the score and the facts of a drawn message that was edited, and adds nothing for one that comes again`, async () => {
      const first = itemOf('drawn', { origin: 'audit', probability: 0.04, audit: facts, position: at(1) });
      const edited = {
        ...first,
        ...{ message: 'another text', probability: 0.97, reasons: ['word: "edited"'], position: at(2) },
        audit: { inclusionProbability: 0.5, verdict: 'spam', language: 'en' } as const,
      };
      expect([await store.add([first]), await store.add([first]), await store.add([edited])]).toEqual([
        1, 0, 0,
      ]);
      expect(await all()).toMatchObject([edited]);
      // An older version that the source repeats changes nothing.
      await store.add([first]);
      expect(await all()).toMatchObject([edited]);
    });

    it(`${name} as a ReviewStore stores any text that a message or an id can contain`, async () => {
      const texts = [
        '',
        'NUL \0 inside',
        '\0',
        '😀 four bytes',
        "'; drop table review; --",
        'a\r\nb',
        'x'.repeat(65_536),
        'İ',
        '\ufeffmark of byte order',
        '\ufdd0',
      ];
      const items = texts.map((text, i) => itemOf(`id-${i}`, { message: text, sender: text }));
      await store.add(items);
      expect((await all()).map(({ message, sender }) => [message, sender])).toEqual(
        texts.map((text) => [text, text]),
      );
    });

    it(`${name} as a ReviewStore changes nothing when an item is added again, and counts only new items`, async () => {
      expect(await store.add([itemOf('a'), itemOf('b'), itemOf('a')])).toBe(2);
      const scoredAgain = itemOf('b', { probability: 0.51, reasons: [], model: 'another', position: at(9) });
      expect(await store.add([scoredAgain, itemOf('c')])).toBe(1);
      expect((await all()).map(({ id, state, created_at, ...item }) => item)).toEqual([
        itemOf('a'),
        itemOf('b'),
        itemOf('c'),
      ]);
    });

    describe('of a message that was edited', () => {
      const edited = (offset: number, message: string, rest: Partial<NewReviewItem> = {}) =>
        itemOf('edited', { message, position: at(offset), ...rest });
      const onlyRow = async (state: ReviewItem['state'] = 'open') => {
        const [row, ...others] = await store.list({ state, limit: 10 });
        expect(others).toEqual([]);
        return row!;
      };

      it(`${name} as a ReviewStore: the row of an edited message has the newest text and its fields, with the id and time of the first version`, async () => {
        expect(await store.add([edited(1, 'first')])).toBe(1);
        const before = await onlyRow();
        const second = edited(2, 'second', {
          ...{ sender: 'somebody', probability: 0.55, reasons: ['other'], model: 'newer' },
        });
        expect(await store.add([second, itemOf('another')])).toBe(1);
        const [after] = await store.list({ state: 'open', limit: 1 });
        const { id, state, created_at } = before;
        expect(after).toEqual({ ...second, id, state, created_at });
        expect(await store.add([edited(3, 'third', { probability: null })])).toBe(0);
        expect((await store.list({ state: 'open', limit: 1 }))[0]).toMatchObject({
          ...{ id, message: 'third', probability: null },
        });
      });

      it(`${name} as a ReviewStore: the row of an edited message is not changed back by an older version that the source repeats`, async () => {
        await store.add([edited(1, 'first'), edited(2, 'second')]);
        expect((await onlyRow()).message).toBe('second');
        for (const again of [[edited(1, 'first')], [edited(1, 'first'), edited(2, 'second')]]) {
          expect(await store.add(again)).toBe(0);
          expect(await onlyRow()).toMatchObject({ message: 'second', position: at(2) });
        }
        await store.add([edited(5, 'first')]);
        await store.add([edited(4, 'fourth'), edited(2, 'second')]);
        expect(await onlyRow()).toMatchObject({ message: 'first', position: at(5) });
      });

      it(`${name} as a ReviewStore: the row of an edited message has the version that was added last if the positions cannot be compared`, async () => {
        await store.add([edited(7, 'first')]);
        const moved = edited(1, 'second', { position: { ...at(1), partition: 3 } });
        await store.add([moved]);
        expect(await onlyRow()).toMatchObject({ message: 'second', position: moved.position });
        const renamed = edited(0, 'third', { position: { topic: 'other', partition: 3, offset: 0 } });
        await store.add([renamed]);
        expect(await onlyRow()).toMatchObject({ message: 'third', position: renamed.position });
        // A file that was written again from its beginning.
        await store.add([edited(0, 'fourth', { position: renamed.position })]);
        expect((await onlyRow()).message).toBe('fourth');
      });

      it(`${name} as a ReviewStore: the row of an edited message is open again if somebody had leased it`, async () => {
        await store.add([edited(1, 'first')]);
        await harness.run("update review set state = 'leased', lease_holder = 'somebody', lease_until = 1");
        expect(await store.add([edited(1, 'first')])).toBe(0);
        expect((await onlyRow('leased')).message).toBe('first');
        expect(await store.add([edited(2, 'second')])).toBe(0);
        expect((await onlyRow()).message).toBe('second');
        // Nobody holds it, so the next change of its holder finds it.
        await harness.run(
          "update review set state = 'labelled' where lease_holder is null and lease_until is null",
        );
        expect((await onlyRow('labelled')).message).toBe('second');
      });

      it.each(['labelled', 'erased'] as const)(
        `${name} as a ReviewStore: the row of an edited message does not change once it was %s`,
        async (state) => {
          await store.add([edited(1, 'first')]);
          await harness.run(`update review set state = '${state}'`);
          expect(await store.add([edited(2, 'second')])).toBe(0);
          expect(await onlyRow(state)).toMatchObject({ message: 'first', probability: 0.6, position: at(1) });
        },
      );

      it(`${name} as a ReviewStore: the row of an edited message has the newest version, in whatever batches the versions come and are repeated`, async () => {
        const version = fc.record({
          id: fc.constantFrom('x', 'y'),
          partition: fc.constantFrom(0, 1),
          offset: fc.nat({ max: 5 }),
          message: fc.constantFrom('one', 'two', 'two ', 'Two', 'three'),
        });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.array(version, { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
            async (batches) => {
              const community = `run-${run++}`;
              const expected = new Map<string, (typeof batches)[number][number]>();
              for (const batch of batches) {
                let fresh = 0;
                for (const each of batch) {
                  const row = expected.get(each.id);
                  if (row === undefined) fresh++;
                  const stays =
                    row !== undefined &&
                    (row.message === each.message ||
                      (row.partition === each.partition && row.offset > each.offset));
                  if (!stays) expected.set(each.id, each);
                }
                const items = batch.map(({ id, message, ...position }) =>
                  itemOf(id, { community, message, position: { topic: 't', ...position } }),
                );
                expect(await store.add(items)).toBe(fresh);
              }
              const rows = (await all()).filter((row) => row.community === community);
              expect(
                rows.map(({ message_id, message, position: { partition, offset } }) => ({
                  ...{ id: message_id, partition, offset, message },
                })),
              ).toEqual([...expected.values()]);
            },
          ),
          { numRuns: 60 },
        );
      });
    });

    it(`${name} as a ReviewStore distinguishes items by community, id and origin, letter case and trailing spaces included`, async () => {
      const items = [
        itemOf('a'),
        itemOf('A'),
        itemOf('a '),
        itemOf('á'),
        itemOf('a', { community: 'other' }),
        itemOf('a', { origin: 'report' }),
        itemOf('a\0b'),
        itemOf('a\0c'),
        itemOf('\ufeffa'),
      ];
      expect(await store.add(items)).toBe(items.length);
      expect(await store.add(items)).toBe(0);
    });

    it(`${name} as a ReviewStore distinguishes ids that were cut in the middle of different emojis, and returns them unchanged`, async () => {
      const ids = [
        ...['a\ud800', 'a\ud801', 'a\ufffd', 'a\udc00', 'a\ud800\udc00', 'a\udc00\ud800', 'a'],
        ...['a\ufdd0', 'a\ufdd0\ufdd0', 'a\ufdd0d800', 'a\ufdd0\ufdd0d800', 'ad800'],
      ];
      const items = ids.flatMap((id) => [
        itemOf(id, { message: 'text', sender: id }),
        itemOf('b', { message: 'text', community: id }),
      ]);
      expect(await store.add(items)).toBe(items.length);
      expect(await store.add(items)).toBe(0);
      expect((await all()).map(({ id, state, created_at, ...item }) => item)).toEqual(items);
    });

    it(`${name} as a ReviewStore accepts more items at once than fit into one statement`, async () => {
      const items = Array.from({ length: 3000 }, (_, i) => itemOf(`m-${i}`));
      expect(await store.add(items)).toBe(3000);
      expect(await store.add([...items, itemOf('one more')])).toBe(1);
    });

    it(`${name} as a ReviewStore lists items oldest first, after a given id, and at most as many as requested`, async () => {
      await store.add(Array.from({ length: 10 }, (_, i) => itemOf(`m-${i}`)));
      const first = await store.list({ state: 'open', limit: 4 });
      const rest = await store.list({ state: 'open', after: first.at(-1)!.id, limit: 100 });
      expect([...first, ...rest].map(({ message_id }) => message_id)).toEqual(
        Array.from({ length: 10 }, (_, i) => `m-${i}`),
      );
      expect(await store.list({ state: 'labelled', limit: 10 })).toEqual([]);
    });

    it(`${name} as a ReviewStore states how long rows with lower ids may still appear, and keeps the order of one writer`, async () => {
      expect(store.settleSeconds).toBeGreaterThanOrEqual(0);
      for (const id of ['b', 'a', 'c']) await store.add([itemOf(id)]);
      expect((await all()).map(({ message_id }) => message_id)).toEqual(['b', 'a', 'c']);
    });

    it(`${name} as a ReviewStore counts rows by state`, async () => {
      await store.add([itemOf('a'), itemOf('b')]);
      expect(await store.count()).toEqual({ open: 2, leased: 0, labelled: 0, erased: 0 });
    });

    it(`${name} as a ReviewStore keeps everything when it is closed and opened again`, async () => {
      await store.add([itemOf('a')]);
      await store.close();
      store = await harness.open();
      expect((await all()).map(({ message_id }) => message_id)).toEqual(['a']);
    });

    it(`${name} as a ReviewStore accepts simultaneous additions without losing or doubling an item`, async () => {
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          store.add([itemOf(`m-${i}`), itemOf(`m-${i + 1}`), itemOf('shared')]),
        ),
      );
      expect(added.reduce((sum, count) => sum + count, 0)).toBe(12);
      expect((await store.count()).open).toBe(12);
    });

    it(`${name} as a ReviewStore contains exactly the set of added items, whatever their order and repetitions`, async () => {
      const arbitraryItem = fc
        .record({
          message_id: fc.oneof(
            fc.constantFrom('a', 'A', 'b'),
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
            fc.string({ unit: codeUnit, maxLength: 4 }),
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
