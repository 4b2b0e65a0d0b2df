import { expect, it } from 'vitest';
import type { Actor, DecisionRequest } from '../../../src/core/decision.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { anna, ben, carl, type DecisionFixture, lead, person, reviewItem } from './decision-fixture.ts';

/** Leases, orders and filters: who is offered which row. */
export function describeQueue(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore leases no row to two people at once, and leases it to another once the lease has ended`, async () => {
    const ids = await f.add('a', 'b', 'c');
    const first = await f.desk.lease(anna, { count: 2, order: 'age' });
    const second = await f.desk.lease(ben, { count: 2, order: 'age' });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(second.items.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(first.until).toBe(f.now + 60_000);
    f.now += 59_999;
    expect((await f.desk.lease(carl, { count: 3 })).items).toEqual([]);
    expect(await f.desk.renew(ben, second.id)).toBe(f.now + 60_000);
    f.now += 1;
    expect((await f.desk.lease(carl, { count: 3, order: 'age' })).items.map(({ id }) => id)).toEqual(
      ids.slice(0, 2),
    );
    await expect(f.desk.renew(anna, first.id)).rejects.toMatchObject({ code: 'LEASE_EXPIRED' });
    await expect(f.desk.renew(anna, second.id)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await expect(f.desk.release(anna, second.id)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await f.desk.release(ben, second.id);
    await f.desk.release(ben, second.id);
    expect(await f.openIds()).toEqual(ids.slice(2));
  });

  it(`${name} as a DecisionStore blocks no row for longer than a lease when the clock is set back`, async () => {
    const ids = await f.add('a');
    await f.desk.lease(anna, { count: 1 });
    f.now -= 3_600_000;
    expect((await f.desk.lease(ben, { count: 1 })).items.map(({ id }) => id)).toEqual(ids);
  });

  it(`${name} as a DecisionStore keeps the lease of a transaction that began a little later`, async () => {
    await f.add('a');
    const { id } = await f.desk.lease(anna, { count: 1 });
    // Another process asked for the time first, and waited.
    f.now -= 9_000;
    expect((await f.desk.lease(ben, { count: 1 })).items).toEqual([]);
    expect(await f.openIds()).toEqual([]);
    expect(await f.desk.renew(anna, id)).toBe(f.now + 60_000);
  });

  it(`${name} as a DecisionStore refuses a decision whose lease has ended or is another person's`, async () => {
    const [a] = await f.add('a');
    const { id: lease } = await f.desk.lease(anna, { count: 1 });
    await expect(f.decide(ben, 'spam', [a!])).rejects.toMatchObject({ code: 'LEASE_HELD' });
    f.now += 60_000;
    const late = f.desk.decide(anna, { label: 'spam', items: [{ review_id: a!, lease }] });
    await expect(late).rejects.toMatchObject({ code: 'LEASE_EXPIRED' });
    expect(await f.training()).toEqual([]);
    const { id: again } = await f.desk.lease(anna, { count: 1 });
    await f.desk.decide(anna, { label: 'spam', items: [{ review_id: a!, lease: again }] });
    expect(await f.training()).toHaveLength(1);
  });

  it(`${name} as a DecisionStore refuses a decision on a text that was edited after it was read`, async () => {
    await f.add('a');
    const { items } = await f.desk.lease(anna, { count: 1 });
    await f.reviews.add([
      reviewItem('a', { message: 'edited', position: { ...reviewItem('a').position, offset: 8 } }),
    ]);
    const { id: review_id, version } = items[0]!;
    const request: DecisionRequest = { label: 'ham', items: [{ review_id, version }] };
    await expect(f.desk.decide(anna, request)).rejects.toMatchObject({ code: 'VERSION_STALE' });
    const [row] = (await f.store.list({ state: 'open', order: 'age', limit: 1 })).items;
    await f.desk.decide(anna, { label: 'ham', items: [{ review_id, version: row!.version }] });
    expect((await f.training())[0]?.[1]).toBe('edited');
  });

  it(`${name} as a DecisionStore offers a row that a person was unsure about to others, after three such answers to leads only, and publishes nothing`, async () => {
    const [a] = await f.add('a');
    const lease = async (actor: Actor) => {
      const { id, items } = await f.desk.lease(actor, { count: 1 });
      await f.desk.release(actor, id);
      return items.map((item) => item.id);
    };
    const first = await f.decide(anna, 'unsure', [a!]);
    expect(await lease(anna)).toEqual([]);
    expect(await lease(ben)).toEqual([a]);
    await expect(f.decide(anna, 'unsure', [a!])).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
    await f.desk.undo(anna, first.id);
    expect(await lease(anna)).toEqual([a]);
    for (const actor of [anna, ben, carl]) await f.decide(actor, 'unsure', [a!]);
    expect(await lease(person('dora'))).toEqual([]);
    await expect(f.decide(person('dora'), 'spam', [a!])).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
    expect(await lease(lead)).toEqual([a]);
    expect(await f.published()).toEqual([]);
    expect(await f.training()).toEqual([]);
    await f.decide(lead, 'spam', [a!]);
    expect(await f.published()).toHaveLength(1);
  });

  it(`${name} as a DecisionStore finds messages by words and their beginnings, whatever their case and order`, async () => {
    const texts = {
      offer: 'Nur heute: FUNSITE.com schenkt dir Bücher',
      quiet: 'are you at home? the show is on',
      chinese: '你好，免费加入我们',
      hostile: 'say "free"* NEAR( -x \u0000behind it\ud800',
      signs: 'wow :-) 100% _!_',
    };
    await f.reviews.add(Object.entries(texts).map(([id, message]) => reviewItem(id, { message })));
    const found = async (q: string) => {
      const { items } = await f.store.list({ state: 'open', order: 'age', filter: { q }, limit: 9 });
      return items.map(({ message_id }) => message_id);
    };
    const searches: Record<string, readonly string[]> = {
      'funsite com': ['offer'],
      'com funs': ['offer'],
      bücher: ['offer'],
      'ich funsite': [],
      site: [],
      'on the sho': ['quiet'],
      免费: ['chinese'],
      '"free"* NEAR(': ['hostile'],
      'behind -x': ['hostile'],
      'free OR funsite': [],
      ':-)': ['signs'],
      '%': ['signs'],
      '_!_': ['signs'],
      "100' or 1 = 1": [],
    };
    for (const [q, ids] of Object.entries(searches)) expect(await found(q), q).toEqual(ids);
    await f.reviews.add([
      reviewItem('offer', {
        message: 'edited',
        position: { topic: 'chat-messages', partition: 2, offset: 8 },
      }),
    ]);
    expect(await found('funsite')).toEqual([]);
    expect(await found('edited')).toEqual(['offer']);
  });

  it(`${name} as a DecisionStore finds the same rows by a frequent word on pages of any size`, async () => {
    const texts = [
      'Große RABATTE für alle',
      'rabattcode, nur für dich',
      'Rabatt',
      'Bücher für alle',
      'xrabatt',
    ];
    const long = `${'viel Text davor '.repeat(300)} rabatt für alle`;
    await f.reviews.add(
      Array.from({ length: 60 }, (_, n) =>
        reviewItem(`r${n}`, {
          message: n === 25 ? long : texts[n % texts.length]!,
          probability: 0.5 + ((n * 37) % 60) / 200,
        }),
      ),
    );
    for (const order of ['age', 'uncertainty'] as const)
      for (const q of ['rabatt', 'RABATT für', 'für alle', 'bücher']) {
        const whole = await f.store.list({ state: 'open', order, filter: { q }, limit: 100 });
        for (const limit of [1, 4, 11]) {
          const found: number[] = [];
          for (let after: string | undefined | null; after !== null; ) {
            const page: Awaited<ReturnType<DecisionStore['list']>> = await f.store.list({
              ...{ state: 'open', order, filter: { q }, limit },
              ...(after === undefined ? {} : { after }),
            });
            found.push(...page.items.map(({ id }) => id));
            after = page.next;
          }
          expect(found, `${order} ${q} ${limit}`).toEqual(whole.items.map(({ id }) => id));
        }
        expect(whole.items.length, q).toBeGreaterThanOrEqual(12);
      }
    const { items } = await f.store.list({
      ...{ state: 'open', order: 'age', filter: { q: 'rabatt', max: 0.6 }, limit: 5 },
    });
    expect(items).toHaveLength(5);
    expect(items.every(({ probability }) => probability! <= 0.6)).toBe(true);
  });

  it(`${name} as a DecisionStore lists and leases rows in each order, with each filter, page by page`, async () => {
    await f.reviews.add([
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
        const page = await f.store.list({
          ...{ state: 'open' as const, order, filter, limit: 1 },
          ...(after === undefined ? {} : { after }),
        });
        found.push(...page.items.map(({ message_id }) => message_id));
        if (page.next === null) return found;
        after = page.next;
      }
    };
    expect(await list('uncertainty')).toEqual(['audit', 'none', 'near', 'far']);
    expect(await list('age')).toEqual(['far', 'near', 'audit', 'none']);
    expect(await list('audit')).toEqual(['audit', 'none', 'near', 'far']);
    expect(await list('age', { community: 'other\ud800' })).toEqual(['near']);
    expect(await list('age', { min: 0.45 })).toEqual(['far', 'near']);
    expect(await list('age', { max: 0.45, min: 0.02 })).toEqual(['near']);
    expect(await list('age', { model: 'm2' })).toEqual(['audit']);
    expect(await list('age', { origin: 'unscorable' })).toEqual(['none']);
    expect(await list('age', { sender: 'x' })).toEqual(['far']);
    expect(await list('age', { q: 'rABATT 100%_!' })).toEqual(['none']);
    expect(await list('age', { q: 'Rabatt 200' })).toEqual([]);
    expect(await list('age', { to: 1 })).toEqual([]);
    expect(await list('age', { from: 1 })).toHaveLength(4);
    await expect(
      f.store.list({ state: 'open', order: 'age', after: 'nonsense', limit: 1 }),
    ).rejects.toMatchObject({ code: 'USAGE' });
    const { items } = await f.desk.lease(anna, { count: 2, order: 'uncertainty', filter: { min: 0.001 } });
    expect(items.map(({ message_id, state }) => [message_id, state])).toEqual([
      ['near', 'leased'],
      ['far', 'leased'],
    ]);
  });

  it(`${name} as a DecisionStore pages decisions and activity from the newest, for everybody or for one person`, async () => {
    const ids = await f.add('a', 'b', 'c');
    for (const [i, id] of ids.entries()) await f.decide(i === 1 ? ben : anna, 'ham', [id]);
    const first = await f.store.decisions({ limit: 2 });
    const rest = await f.store.decisions({ limit: 2, after: first.next! });
    expect([...first.items, ...rest.items].map(({ items }) => items[0])).toEqual([...ids].reverse());
    expect(rest.next).toBeNull();
    expect((await f.store.decisions({ by: 'ben', limit: 5 })).items).toHaveLength(1);
    const activity = await f.store.activity({ filter: { who: 'anna' }, limit: 1 });
    const older = await f.store.activity({ filter: { who: 'anna' }, limit: 5, after: activity.next! });
    expect(older.items).toHaveLength(1);
  });

  it(`${name} as a DecisionStore leases no row to two of eight moderators at once, and every row is decided once`, async () => {
    await f.reviews.add(Array.from({ length: 120 }, (_, i) => reviewItem(`m-${i}`)));
    const others = await Promise.all(Array.from({ length: 3 }, () => f.harness.open(() => f.now)));
    const stores = [f.store, ...others];
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
    expect(await f.training()).toHaveLength(120);
    expect((await f.store.activity({ limit: 1000 })).items).toHaveLength(120);
    expect(await f.published()).toHaveLength(120);
  });
}
