import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Actor, DecisionLabel } from '../../../src/core/decision.ts';
import { decisionLabels } from '../../../src/core/decision.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { anna, ben, carl, type DecisionFixture, lead, person, reviewItem } from './decision-fixture.ts';

/** Decided rows that a second person answers without knowing it. */
export function describeSecondOpinions(name: string, f: DecisionFixture): void {
  const desk = (secondOpinionShare = 1) => new ReviewDesk(f.store, { secondOpinionShare });
  const decide = (actor: Actor, label: DecisionLabel, id: number, rest: object = {}) =>
    desk().decide(actor, { label, items: [{ review_id: id }], ...rest });
  const leased = async (actor: Actor, share = 1) =>
    (await desk(share).lease(actor, { count: 10, order: 'age' })).items;
  const stored = async (id: number) => ({
    row: await f.harness.rows(
      `select label, labelled_by, labelled_at, state, revision from review where id = ${id}`,
    ),
    training: await f.training(),
    outbox: await f.harness.rows('select id, verdict from outbox order by id'),
  });
  const pairs = async () =>
    (await f.store.secondOpinions.pairs({ since: 0 })).map((each) => [
      ...[each.first_by, each.first, each.second_by, each.second, each.pairs],
    ]);
  /** Anna decides `a` as spam; ben holds it. */
  const held = async () => {
    const [a] = await f.add('a');
    const first = await decide(anna, 'spam', a!);
    const [item] = await leased(ben);
    expect(item!.id).toBe(a);
    return { a: a!, first };
  };

  it(`${name} as a DecisionStore shows a decided row to a second person as if nobody had decided it, and to one at a time`, async () => {
    await f.harness.run('select 1');
    const [a, b] = await f.add('a', 'b');
    await f.harness.run(`update review set campaign = 5 where id = ${a}`);
    const before = await f.store.item(b!);
    await decide(anna, 'spam', a!);
    const items = await leased(ben);
    expect(items.map(({ id }) => id)).toEqual([a, b]);
    const [shown, open] = items;
    expect({ ...shown, ...{ id: 0, message: '', message_id: '', version: '' } }).toEqual({
      ...open,
      ...{ id: 0, message: '', message_id: '', version: '' },
    });
    expect(shown!.version).toMatch(/^[0-9a-f]{16}$/);
    expect(before!.version).toMatch(/^[0-9a-f]{16}$/);
    expect([...(await f.store.secondOpinions.heldBy('ben'))]).toEqual([a]);
    expect(await leased(carl)).toEqual([]);
    f.now += 60_000;
    expect((await leased(carl)).map(({ id }) => id)).toEqual([a, b]);
  });

  it(`${name} as a DecisionStore asks nobody about a row who answered it before, also if that was unsure or taken back`, async () => {
    const [a] = await f.add('a');
    await decide(ben, 'unsure', a!);
    const { id } = await decide(carl, 'ham', a!);
    await desk().undo(carl, id);
    await decide(anna, 'ham', a!);
    for (const actor of [anna, ben, carl]) expect(await leased(actor)).toEqual([]);
    expect((await leased(person('dora'))).map((item) => item.id)).toEqual([a]);
  });

  it(`${name} as a DecisionStore asks nobody with a share of 0, and draws the same rows when a decision is taken back and made again`, async () => {
    const ids = await f.add(...Array.from({ length: 40 }, (_, index) => `m${index}`));
    const half = desk(0.5);
    const drawn = async () =>
      (
        await f.harness.rows(
          "select review_id from second_opinion where state = 'waiting' order by review_id",
        )
      ).map((row) => Number(row.review_id));
    const items = ids.map((review_id) => ({ review_id }));
    const { id } = await half.decide(anna, { label: 'spam', items });
    const first = await drawn();
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(35);
    await half.undo(anna, id);
    expect(await drawn()).toEqual([]);
    expect((await leased(ben, 0.5)).every(({ state }) => state === 'leased')).toBe(true);
    f.now += 60_000;
    await half.decide(anna, { label: 'ham', items });
    expect(await drawn()).toEqual(first);
    expect(await leased(ben, 0)).toEqual([]);
  });

  it(`${name} as a DecisionStore draws at most one row of a campaign that was decided as a whole`, async () => {
    await f.add(...Array.from({ length: 20 }, (_, index) => `m${index}`));
    await f.harness.run('update review set campaign = 5');
    await f.harness.run(
      "insert into campaign (id, version, revision, members, center, created_at, changed_at) values (5, 'v', 1, 20, '', 0, 0)",
    );
    await desk().decide(anna, { label: 'spam', items: [{ campaign_id: 5 }] });
    expect(await leased(ben)).toHaveLength(1);
  });

  it(`${name} as a DecisionStore keeps label, training row and verdicts as they are after a second answer, whatever it is`, async () => {
    for (const label of decisionLabels) {
      const [id] = await f.add(`row for ${label}`);
      await decide(anna, 'spam', id!);
      const before = await stored(id!);
      expect((await leased(ben)).map((item) => item.id)).toEqual([id]);
      const answer = await decide(ben, label, id!);
      expect(answer).toMatchObject({ label, items: [id], decided_by: 'ben', undoes: null });
      expect(await stored(id!)).toEqual(before);
    }
    expect(await pairs()).toEqual(
      expect.arrayContaining(decisionLabels.map((label) => ['anna', 'spam', 'ben', label, 1])),
    );
  });

  it(`${name} as a DecisionStore shows two answers that differ to a lead who gave neither, and to nobody else`, async () => {
    const { a } = await held();
    await decide(ben, 'ham', a);
    expect(await leased(carl)).toEqual([]);
    expect(await leased(person('anna', 'lead'))).toEqual([]);
    const [item] = await leased(lead);
    expect(item).toMatchObject({ id: a, state: 'leased', label: 'spam' });
    expect(item!.answers).toEqual([
      { by: 'anna', label: 'spam', at: f.now },
      { by: 'ben', label: 'ham', at: f.now },
    ]);
    await expect(decide(carl, 'ham', a)).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
  });

  it(`${name} as a DecisionStore publishes nothing if the lead takes the first of two answers, and an amending verdict if the other`, async () => {
    for (const label of ['spam', 'ham'] as const) {
      const [id] = await f.add(`settled as ${label}`);
      await decide(anna, 'spam', id!);
      await leased(ben);
      await decide(ben, 'ham', id!);
      const before = await f.published();
      await leased(lead);
      await decide(lead, label, id!);
      const after = await f.published();
      expect(before.at(-1)?.verdict).toBe('spam');
      expect(after.map(({ verdict, amends }) => [verdict, amends])).toEqual(
        label === 'spam' ? [] : [['ham', before.at(-1)!.scored_at]],
      );
      expect(await f.store.item(id!)).toMatchObject({ state: 'labelled', label });
      expect(await leased(person('second lead', 'lead'))).toEqual([]);
    }
    // What a lead makes of it is no answer of the pair.
    expect(await pairs()).toEqual([['anna', 'spam', 'ben', 'ham', 2]]);
    const until = (at: number) => f.store.secondOpinions.pairs({ since: 0, until: at });
    expect(await until(f.now)).toEqual([]);
    expect(await until(f.now + 1)).toHaveLength(1);
  });

  it(`${name} as a DecisionStore leaves two answers that differ to another lead if one is unsure, or takes it back`, async () => {
    const { a } = await held();
    await decide(ben, 'ham', a);
    await leased(lead);
    await decide(lead, 'unsure', a);
    expect(await leased(lead)).toEqual([]);
    const other = person('second lead', 'lead');
    expect((await leased(other)).map(({ id }) => id)).toEqual([a]);
    const { id } = await decide(other, 'spam', a);
    await desk().undo(other, id);
    f.now += 60_000;
    expect((await leased(person('third lead', 'lead'))).map((item) => item.id)).toEqual([a]);
  });

  it(`${name} as a DecisionStore lets a person take a second answer back and give another one`, async () => {
    const { a } = await held();
    const before = await stored(a);
    const { id } = await decide(ben, 'ham', a);
    await desk().undo(ben, id);
    expect(await pairs()).toEqual([]);
    expect([...(await f.store.secondOpinions.heldBy('ben'))]).toEqual([a]);
    await decide(ben, 'spam', a);
    expect(await pairs()).toEqual([['anna', 'spam', 'ben', 'spam', 1]]);
    expect(await stored(a)).toEqual(before);
  });

  it(`${name} as a DecisionStore counts no pair whose first answer was taken back, and opens the row as after any undo`, async () => {
    const { a, first } = await held();
    await decide(ben, 'ham', a);
    await desk().undo(anna, first.id);
    expect(await pairs()).toEqual([]);
    expect(await f.store.item(a)).toMatchObject({ state: 'open', label: null });
    expect((await f.published()).map(({ verdict }) => verdict)).toEqual(['spam', 'review']);
    expect(await f.training()).toEqual([]);
  });

  it(`${name} as a DecisionStore counts a second answer after the lease until somebody else has the row, and not under another lease`, async () => {
    const { a } = await held();
    const wrong = desk().decide(ben, { label: 'ham', items: [{ review_id: a, lease: 'other' }] });
    await expect(wrong).rejects.toMatchObject({ code: 'LEASE_EXPIRED' });
    f.now += 60_001;
    await leased(carl);
    await expect(decide(ben, 'ham', a)).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
    f.now += 60_001;
    await decide(carl, 'ham', a);
    expect(await pairs()).toEqual([['anna', 'spam', 'carl', 'ham', 1]]);
  });

  it(`${name} as a DecisionStore renews and gives back the lease of a second opinion as any other`, async () => {
    const [a] = await f.add('a');
    await decide(anna, 'spam', a!);
    const { id } = await desk().lease(ben, { count: 1 });
    f.now += 40_000;
    await desk().renew(ben, id);
    f.now += 40_000;
    expect(await leased(carl)).toEqual([]);
    await expect(desk().renew(carl, id)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await desk().release(ben, id);
    expect((await leased(carl)).map((item) => item.id)).toEqual([a]);
  });

  it(`${name} as a DecisionStore hands out second opinions in the order and by the filter that were asked for`, async () => {
    await f.reviews.add([
      reviewItem('a', { probability: 0.9, community: 'x' }),
      reviewItem('b', { probability: 0.52, community: 'x' }),
      reviewItem('c', { probability: 0.7, community: 'y' }),
    ]);
    const [a] = await f.openIds();
    await decide(anna, 'spam', a!);
    const filtered = await desk().lease(ben, { count: 5, order: 'uncertainty', filter: { community: 'y' } });
    expect(filtered.items.map(({ message_id }) => message_id)).toEqual(['c']);
    f.now += 60_000;
    const { items } = await desk().lease(carl, { count: 5, order: 'uncertainty' });
    expect(items.map(({ message_id }) => message_id)).toEqual(['b', 'c', 'a']);
  });

  it(`${name} as a DecisionStore never changes what was published by a second answer, whatever people do in whatever order`, async () => {
    const people = [anna, ben, carl, lead];
    const step = fc.record({
      who: fc.constantFrom(...people),
      label: fc.constantFrom(...decisionLabels),
      act: fc.constantFrom('lease', 'decide', 'decide', 'decide', 'undo', 'wait'),
      row: fc.nat({ max: 1 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const community = `second-${run++}`;
        await f.reviews.add(['a', 'b'].map((id) => reviewItem(id, { community })));
        const listed = await f.store.list({ state: 'open', order: 'age', filter: { community }, limit: 2 });
        const ids = listed.items.map(({ id }) => id);
        for (const { who, label, act, row } of steps) {
          const id = ids[row]!;
          if (act === 'wait') f.now += 60_001;
          else if (act === 'lease') await desk().lease(who, { count: 4, filter: { community } });
          else {
            const before = await stored(id);
            const [last] = (await f.store.decisions({ by: who.name, limit: 1 })).items;
            const done = await (act === 'undo'
              ? desk().undo(who, last?.id ?? 0)
              : decide(who, label, id)
            ).catch(() => undefined);
            const items =
              done === undefined
                ? []
                : await f.harness.rows(
                    `select review_id from decision_item where decision_id = ${done.undoes ?? done.id} and second_opinion is not null`,
                  );
            if (items.length > 0) expect(await stored(id)).toEqual(before);
          }
        }
        for (const { first_by, second_by } of await f.store.secondOpinions.pairs({ since: 0 }))
          expect(first_by).not.toBe(second_by);
      }),
      { numRuns: 25 },
    );
  });
}
