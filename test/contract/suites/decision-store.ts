import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor, DecisionRequest } from '../../../src/core/decision.ts';
import type { DecisionStore, OutboxRow } from '../../../src/ports/decision-store.ts';
import type { NewReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { describeDecisionProperties } from './decision-properties.ts';

/** One fresh database, with the review store of the pipeline beside the queue for people. */
export interface DecisionStoreHarness {
  openReviews(): Promise<ReviewStore>;
  /** `now`: epoch milliseconds. */
  open(now: () => number): Promise<DecisionStore>;
  /** Rows that a statement selects. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
  run(statement: string): Promise<void>;
  dispose(): Promise<void>;
}

export function reviewItem(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    ...{ community: 'forum', message_id: id, message: `text of ${id}`, sender: null, probability: 0.6 },
    ...{ reasons: ['word: "free"'], model: '20261101T000000Z-01234567', origin: 'band' as const },
    ...{ position: { topic: 'chat-messages', partition: 2, offset: 7 }, ...rest },
  };
}

export const person = (name: string, role: Actor['role'] = 'moderator'): Actor => ({ name, role });
const [anna, ben, carl, lead] = [person('anna'), person('ben'), person('carl'), person('lead', 'lead')];

/** What every adapter behind the port `DecisionStore` promises, with the rules of `src/review` on top of it. */
export function describeDecisionStore(name: string, makeHarness: () => Promise<DecisionStoreHarness>): void {
  describe(`${name} as a DecisionStore`, () => {
    let harness: DecisionStoreHarness;
    let reviews: ReviewStore;
    let store: DecisionStore;
    let desk: ReviewDesk;
    let now = 0;

    beforeEach(async () => {
      now = 1_800_000_000_000;
      harness = await makeHarness();
      reviews = await harness.openReviews();
      store = await harness.open(() => now);
      desk = new ReviewDesk(store);
    });
    afterEach(async () => {
      await store.close();
      await reviews.close();
      await harness.dispose();
    });

    const add = async (...ids: readonly string[]) => {
      await reviews.add(ids.map((id) => reviewItem(id)));
      return openIds();
    };
    const openIds = async () =>
      (await store.list({ state: 'open', order: 'age', limit: 1000 })).items.map(({ id }) => id);
    const decide = (
      actor: Actor,
      label: DecisionRequest['label'],
      ids: readonly number[],
      rest: Partial<DecisionRequest> = {},
    ) => desk.decide(actor, { label, items: ids.map((review_id) => ({ review_id })), ...rest });
    const training = async () =>
      (
        await harness.rows('select class, message, labelled_by, review_id, source from training order by id')
      ).map((row) => [Number(row.class), row.message, row.labelled_by, Number(row.review_id), row.source]);
    /** Takes all that waits, in the order in which it may be published. */
    const published = async () => {
      const all: OutboxRow[] = [];
      for (;;) {
        const rows = await store.takeOutbox({ holder: 'publisher', limit: 100 });
        if (rows.length === 0) return all.map(({ verdict }) => verdict);
        all.push(...rows);
        await store.finishOutbox(rows);
      }
    };

    it(`${name} as a DecisionStore writes rows, training, activity and outbox of a decision together`, async () => {
      const [a, b] = await add('a', 'b', 'c');
      now += 5;
      const decision = await decide(anna, 'spam', [a!, b!], { note: 'an advertisement' });
      expect(decision).toEqual({
        ...{ id: expect.any(Number), label: 'spam', items: [a, b], decided_by: 'anna', decided_at: now },
        ...{ note: 'an advertisement', undoes: null },
      });
      expect(await reviews.count()).toMatchObject({ open: 1, leased: 0, labelled: 2 });
      expect(await training()).toEqual([
        [1, 'text of a', 'anna', a, 'review'],
        [1, 'text of b', 'anna', b, 'review'],
      ]);
      const { items } = await store.activity({ limit: 10 });
      expect(items).toMatchObject([
        { who: 'anna', what: 'decision', when: now, after: { decision: decision.id, items: [a, b] } },
      ]);
      expect(await published()).toEqual(
        ['a', 'b'].map((message_id) => ({
          ...{ community: 'forum', message_id, verdict: 'spam', probability: 0.6, probability_min: 0.6 },
          ...{ probability_max: 0.6, model: '20261101T000000Z-01234567', decided_by: 'human' },
          ...{ reasons: ['word: "free"'], scored_at: new Date(now).toISOString() },
        })),
      );
      expect((await store.decisions({ limit: 10 })).items).toEqual([decision]);
    });

    it(`${name} as a DecisionStore writes nothing of a decision that fails in its middle`, async () => {
      const [a] = await add('a');
      await expect(
        store.transact(async (transaction) => {
          const rows = await transaction.lockRows([a!]);
          const { status } = rows[0]!;
          await transaction.write({
            ...{ decision: { label: 'spam', decided_by: 'x', decided_at: now, note: null, undoes: null } },
            ...{ key: null, request: null },
            changes: [
              {
                review_id: a!,
                before: status,
                revision: 1,
                verdict: null,
                after: { ...status, state: 'labelled' },
              },
            ],
          });
          throw new Error('planted');
        }),
      ).rejects.toThrow(/planted/);
      expect(await openIds()).toEqual([a]);
      expect(await training()).toEqual([]);
      expect((await store.decisions({ limit: 10 })).items).toEqual([]);
      expect((await store.activity({ limit: 10 })).items).toEqual([]);
    });

    it(`${name} as a DecisionStore copies any text that a message can hold into the training table`, async () => {
      const texts = [
        '',
        'NUL \0 inside',
        '😀 four bytes',
        "'; drop table review; --",
        'a\r\nb',
        'x'.repeat(65_536),
      ];
      await reviews.add(texts.map((message, i) => reviewItem(`m-${i}`, { message })));
      await decide(anna, 'ham', await openIds());
      const rows = await harness.rows(
        'select count(*) as n from training join review on review.id = training.review_id where training.message = review.message and training.class = 0',
      );
      expect(Number(rows[0]!.n)).toBe(texts.length);
    });

    it(`${name} as a DecisionStore hands no row to two people, and gives it to another once the lease has ended`, async () => {
      const ids = await add('a', 'b', 'c');
      const first = await desk.lease(anna, { count: 2, order: 'age' });
      const second = await desk.lease(ben, { count: 2, order: 'age' });
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      expect(second.items.map(({ id }) => id)).toEqual(ids.slice(2));
      expect(first.until).toBe(now + 60_000);
      now += 59_999;
      expect((await desk.lease(carl, { count: 3 })).items).toEqual([]);
      expect(await desk.renew(ben, second.id)).toBe(now + 60_000);
      now += 1;
      expect((await desk.lease(carl, { count: 3, order: 'age' })).items.map(({ id }) => id)).toEqual(
        ids.slice(0, 2),
      );
      await expect(desk.renew(anna, first.id)).rejects.toMatchObject({ code: 'LEASE_EXPIRED' });
      await expect(desk.renew(anna, second.id)).rejects.toMatchObject({ code: 'LEASE_HELD' });
      await expect(desk.release(anna, second.id)).rejects.toMatchObject({ code: 'LEASE_HELD' });
      await desk.release(ben, second.id);
      await desk.release(ben, second.id);
      expect(await openIds()).toEqual(ids.slice(2));
    });

    it(`${name} as a DecisionStore blocks no row for longer than a lease when the clock is set back`, async () => {
      const ids = await add('a');
      await desk.lease(anna, { count: 1 });
      now -= 3_600_000;
      expect((await desk.lease(ben, { count: 1 })).items.map(({ id }) => id)).toEqual(ids);
    });

    it(`${name} as a DecisionStore refuses a decision whose lease has ended or is another person's`, async () => {
      const [a] = await add('a');
      const { id: lease } = await desk.lease(anna, { count: 1 });
      await expect(decide(ben, 'spam', [a!])).rejects.toMatchObject({ code: 'LEASE_HELD' });
      now += 60_000;
      const late = desk.decide(anna, { label: 'spam', items: [{ review_id: a!, lease }] });
      await expect(late).rejects.toMatchObject({ code: 'LEASE_EXPIRED' });
      expect(await training()).toEqual([]);
      const { id: again } = await desk.lease(anna, { count: 1 });
      await desk.decide(anna, { label: 'spam', items: [{ review_id: a!, lease: again }] });
      expect(await training()).toHaveLength(1);
    });

    it(`${name} as a DecisionStore refuses an answer for a text that was edited since it was read`, async () => {
      await add('a');
      const { items } = await desk.lease(anna, { count: 1 });
      await reviews.add([
        reviewItem('a', { message: 'edited', position: { ...reviewItem('a').position, offset: 8 } }),
      ]);
      const { id: review_id, version } = items[0]!;
      const request: DecisionRequest = { label: 'ham', items: [{ review_id, version }] };
      await expect(desk.decide(anna, request)).rejects.toMatchObject({ code: 'VERSION_STALE' });
      const [row] = (await store.list({ state: 'open', order: 'age', limit: 1 })).items;
      await desk.decide(anna, { label: 'ham', items: [{ review_id, version: row!.version }] });
      expect((await training())[0]?.[1]).toBe('edited');
    });

    it(`${name} as a DecisionStore decides all rows of a request or none`, async () => {
      const [a, b] = await add('a', 'b');
      await decide(anna, 'spam', [b!]);
      await expect(decide(ben, 'ham', [a!, b!])).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
      await expect(decide(ben, 'ham', [a!, 999_999])).rejects.toMatchObject({ code: 'REVIEW_UNKNOWN' });
      await harness.run(`update review set state = 'erased' where id = ${b}`);
      await expect(decide(ben, 'ham', [a!, b!])).rejects.toMatchObject({ code: 'REVIEW_ERASED' });
      await expect(desk.undo(anna, 1)).rejects.toMatchObject({ code: 'REVIEW_ERASED' });
      expect(await openIds()).toEqual([a]);
      await expect(decide(person('vera', 'viewer'), 'ham', [a!])).rejects.toMatchObject({
        code: 'ROLE_REFUSED',
      });
      await expect(desk.lease(person('vera', 'viewer'), { count: 1 })).rejects.toMatchObject({
        code: 'ROLE_REFUSED',
      });
    });

    it(`${name} as a DecisionStore returns the first decision for a repeated key, also when both come at once`, async () => {
      const [a, b] = await add('a', 'b');
      const request: DecisionRequest = { label: 'spam', items: [{ review_id: a! }] };
      const both = await Promise.all([1, 2, 3].map(() => desk.decide(anna, request, 'key-1')));
      expect(both[1]).toEqual(both[0]);
      expect(both[2]).toEqual(both[0]);
      const other: DecisionRequest = { label: 'spam', items: [{ review_id: b! }] };
      await expect(desk.decide(anna, other, 'key-1')).rejects.toMatchObject({ code: 'KEY_REUSED' });
      await expect(desk.decide(anna, other, '')).rejects.toMatchObject({ code: 'USAGE' });
      // Keys are each person's own.
      await desk.decide(ben, other, 'key-1');
      const undone = await desk.undo(anna, both[0]!.id, 'key-2');
      expect(await desk.undo(anna, both[0]!.id, 'key-2')).toEqual(undone);
      expect((await store.activity({ limit: 10 })).items).toHaveLength(3);
    });

    it(`${name} as a DecisionStore undoes a decision once, and publishes what amends it`, async () => {
      const [a] = await add('a');
      const first = await decide(anna, 'spam', [a!]);
      await expect(desk.undo(ben, first.id)).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
      const undo = await desk.undo(anna, first.id);
      expect(undo).toMatchObject({ label: null, undoes: first.id, items: [a] });
      expect(await openIds()).toEqual([a]);
      expect(await training()).toEqual([]);
      await expect(desk.undo(anna, first.id)).rejects.toMatchObject({
        ...{ code: 'UNDO_REFUSED', message: expect.stringContaining(`undone by decision ${undo.id}`) },
      });
      await expect(desk.undo(anna, undo.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
      await expect(desk.undo(anna, 999)).rejects.toMatchObject({ code: 'REVIEW_UNKNOWN' });
      await decide(ben, 'ham', [a!]);
      const verdicts = await published();
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['spam', 'review', 'ham']);
      expect(verdicts.map(({ amends }) => amends)).toEqual([
        undefined,
        ...verdicts.slice(0, 2).map((v) => v.scored_at),
      ]);
      expect(new Set(verdicts.map(({ scored_at }) => scored_at)).size).toBe(3);
    });

    it(`${name} as a DecisionStore lets a lead overrule a label, and the undo of that gives the first label back`, async () => {
      const [a] = await add('a');
      const first = await decide(anna, 'spam', [a!]);
      await expect(decide(ben, 'ham', [a!], { overrule: true })).rejects.toMatchObject({
        code: 'ROLE_REFUSED',
      });
      await expect(decide(lead, 'ham', [a!])).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
      await expect(decide(lead, 'spam', [a!], { overrule: true })).rejects.toMatchObject({
        code: 'REVIEW_DECIDED',
      });
      const second = await decide(lead, 'ham', [a!], { overrule: true });
      expect(await training()).toEqual([[0, 'text of a', 'lead', a, 'review']]);
      await expect(desk.undo(anna, first.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
      await desk.undo(lead, second.id);
      expect(await training()).toEqual([[1, 'text of a', 'anna', a, 'review']]);
      expect((await published()).map(({ verdict }) => verdict)).toEqual(['spam', 'ham', 'spam']);
    });

    it(`${name} as a DecisionStore undoes the last fifty decisions of a person; a lead undoes any`, async () => {
      const ids = await add(...Array.from({ length: 51 }, (_, i) => `m-${i}`));
      const decisions = [];
      for (const id of ids) decisions.push(await decide(anna, 'ham', [id]));
      await expect(desk.undo(anna, decisions[0]!.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
      await desk.undo(anna, decisions[2]!.id);
      await desk.undo(lead, decisions[0]!.id);
      expect(await openIds()).toEqual([ids[0], ids[2]]);
    });

    it(`${name} as a DecisionStore takes back what no later decision changed of a decision on many rows`, async () => {
      const [a, b] = await add('a', 'b');
      const both = await decide(anna, 'spam', [a!, b!]);
      await decide(lead, 'ham', [b!], { overrule: true });
      expect((await desk.undo(anna, both.id)).items).toEqual([a]);
      expect(await training()).toEqual([[0, 'text of b', 'lead', b, 'review']]);
    });

    it(`${name} as a DecisionStore offers an unsure row to others, after three answers to leads alone, and publishes nothing`, async () => {
      const [a] = await add('a');
      const lease = async (actor: Actor) => {
        const { id, items } = await desk.lease(actor, { count: 1 });
        await desk.release(actor, id);
        return items.map((item) => item.id);
      };
      const first = await decide(anna, 'unsure', [a!]);
      expect(await lease(anna)).toEqual([]);
      expect(await lease(ben)).toEqual([a]);
      await expect(decide(anna, 'unsure', [a!])).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
      await desk.undo(anna, first.id);
      expect(await lease(anna)).toEqual([a]);
      for (const actor of [anna, ben, carl]) await decide(actor, 'unsure', [a!]);
      expect(await lease(person('dora'))).toEqual([]);
      await expect(decide(person('dora'), 'spam', [a!])).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
      expect(await lease(lead)).toEqual([a]);
      expect(await published()).toEqual([]);
      expect(await training()).toEqual([]);
      await decide(lead, 'spam', [a!]);
      expect(await published()).toHaveLength(1);
    });

    it(`${name} as a DecisionStore lists and leases in each order, by each filter, page by page`, async () => {
      await reviews.add([
        reviewItem('far', { probability: 0.9, sender: 'x' }),
        reviewItem('near', { probability: 0.45, community: 'other\ud800' }),
        reviewItem('audit', { probability: 0.01, origin: 'audit', model: 'm2' }),
        reviewItem('none', { probability: null, origin: 'unscorable', message: 'Rabatt 100%_!' }),
      ]);
      const list = async (
        order: 'uncertainty' | 'age' | 'audit',
        filter: Parameters<DecisionStore['list']>[0]['filter'] = {},
      ) => {
        const found: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = await store.list({
            ...{ state: 'open' as const, order, filter, limit: 1 },
            ...(after === undefined ? {} : { after }),
          });
          found.push(...page.items.map(({ message_id }) => message_id));
          if (page.next === null) return found;
          after = page.next;
        }
      };
      expect(await list('uncertainty')).toEqual(['none', 'near', 'far', 'audit']);
      expect(await list('age')).toEqual(['far', 'near', 'audit', 'none']);
      expect(await list('audit')).toEqual(['audit', 'none', 'near', 'far']);
      expect(await list('age', { community: 'other\ud800' })).toEqual(['near']);
      expect(await list('age', { min: 0.45 })).toEqual(['far', 'near']);
      expect(await list('age', { max: 0.45, min: 0.02 })).toEqual(['near']);
      expect(await list('age', { model: 'm2' })).toEqual(['audit']);
      expect(await list('age', { origin: 'unscorable' })).toEqual(['none']);
      expect(await list('age', { sender: 'x' })).toEqual(['far']);
      expect(await list('age', { q: 'rABATT 100%_!' })).toEqual(['none']);
      expect(await list('age', { q: '100_' })).toEqual([]);
      expect(await list('age', { to: 1 })).toEqual([]);
      expect(await list('age', { from: 1 })).toHaveLength(4);
      await expect(
        store.list({ state: 'open', order: 'age', after: 'nonsense', limit: 1 }),
      ).rejects.toMatchObject({ code: 'USAGE' });
      const { items } = await desk.lease(anna, { count: 2, order: 'uncertainty', filter: { min: 0.001 } });
      expect(items.map(({ message_id, state }) => [message_id, state])).toEqual([
        ['near', 'leased'],
        ['far', 'leased'],
      ]);
    });

    it(`${name} as a DecisionStore pages decisions and activity from the newest, also for one person`, async () => {
      const ids = await add('a', 'b', 'c');
      for (const [i, id] of ids.entries()) await decide(i === 1 ? ben : anna, 'ham', [id]);
      const first = await store.decisions({ limit: 2 });
      const rest = await store.decisions({ limit: 2, after: first.next! });
      expect([...first.items, ...rest.items].map(({ items }) => items[0])).toEqual([...ids].reverse());
      expect(rest.next).toBeNull();
      expect((await store.decisions({ by: 'ben', limit: 5 })).items).toHaveLength(1);
      const activity = await store.activity({ who: 'anna', limit: 1 });
      expect((await store.activity({ who: 'anna', limit: 5, after: activity.next! })).items).toHaveLength(1);
    });

    it(`${name} as a DecisionStore gives outbox rows of one message in order, each to one publisher, and again when its lease has ended`, async () => {
      const [a, b] = await add('a', 'b');
      const spam = await decide(anna, 'spam', [a!]);
      await desk.undo(anna, spam.id);
      await decide(anna, 'ham', [b!]);
      now += 30_000;
      expect(await store.outboxDepth()).toEqual({ rows: 3, oldestSeconds: 30 });
      const take = async (holder: string) => {
        const rows = await store.takeOutbox({ holder, limit: 10 });
        return { rows, names: rows.map(({ verdict }) => `${verdict.message_id} ${verdict.verdict}`) };
      };
      const first = await take('one');
      expect(first.names).toEqual(['a spam', 'b ham']);
      expect((await take('two')).names).toEqual([]);
      now += 60_000;
      expect((await take('two')).names).toEqual(['a spam', 'b ham']);
      await store.finishOutbox([{ id: first.rows[0]!.id }]);
      await store.postponeOutbox([{ id: first.rows[1]!.id, hasFailed: true }], 5);
      expect((await take('two')).names).toEqual(['a review']);
      now += 5_000;
      const again = await take('two');
      expect(again.names).toEqual(['b ham']);
      await store.finishOutbox([{ id: again.rows[0]!.id, refusal: 'too large' }]);
      expect((await store.outboxDepth()).rows).toBe(1);
    });

    it(`${name} as a DecisionStore counts the verdicts of a message that has several rows`, async () => {
      await reviews.add([reviewItem('a'), reviewItem('a', { origin: 'report' })]);
      const [band, report] = await openIds();
      await Promise.all([decide(anna, 'spam', [band!]), decide(ben, 'ham', [report!])]);
      const verdicts = await published();
      expect(verdicts).toHaveLength(2);
      expect(verdicts[1]!.amends).toBe(verdicts[0]!.scored_at);
      await decide(
        lead,
        verdicts[1]!.verdict === 'ham' ? 'ham' : 'spam',
        [verdicts[1]!.verdict === 'ham' ? band! : report!],
        { overrule: true },
      );
      expect((await published())[0]!.amends).toBe(verdicts[1]!.scored_at);
    });

    it(`${name} as a DecisionStore numbers the verdicts of one decision on two rows of a message`, async () => {
      await reviews.add([reviewItem('a'), reviewItem('a', { origin: 'audit' })]);
      await decide(anna, 'spam', await openIds());
      const verdicts = await published();
      expect(verdicts.map(({ amends }) => amends)).toEqual([undefined, verdicts[0]!.scored_at]);
      expect(verdicts[1]!.scored_at > verdicts[0]!.scored_at).toBe(true);
    });

    it(`${name} as a DecisionStore hands no row to two of eight moderators at once, and every row is decided once`, async () => {
      await reviews.add(Array.from({ length: 120 }, (_, i) => reviewItem(`m-${i}`)));
      const others = await Promise.all(Array.from({ length: 3 }, () => harness.open(() => now)));
      const stores = [store, ...others];
      const decided: number[] = [];
      await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const actor = person(`p-${i}`);
          const own = new ReviewDesk(stores[i % stores.length]!);
          for (;;) {
            const { id: lease, items } = await own.lease(actor, { count: 4 });
            if (items.length === 0) return;
            for (const { id, version } of items) {
              await own.decide(actor, { label: 'ham', items: [{ review_id: id, version, lease }] });
              decided.push(id);
            }
          }
        }),
      );
      for (const other of others) await other.close();
      expect(decided).toHaveLength(120);
      expect(new Set(decided).size).toBe(120);
      expect(await training()).toHaveLength(120);
      expect((await store.activity({ limit: 1000 })).items).toHaveLength(120);
      expect(await published()).toHaveLength(120);
    });

    it(`${name} as a DecisionStore keeps everything when it is closed and opened again`, async () => {
      const [a] = await add('a');
      await decide(anna, 'spam', [a!]);
      await store.close();
      store = await harness.open(() => now);
      desk = new ReviewDesk(store);
      expect((await store.list({ state: 'labelled', order: 'age', limit: 5 })).items).toMatchObject([
        { id: a, label: 'spam', decided_by: 'anna', decided_at: now, unsure: 0 },
      ]);
      expect(await published()).toHaveLength(1);
    });

    describeDecisionProperties(name, () => ({
      harness,
      reviews,
      store,
      clock: {
        read: () => now,
        add: (ms) => {
          now += ms;
        },
      },
    }));
  });
}
