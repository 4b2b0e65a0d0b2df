import { expect, it } from 'vitest';
import type { DecisionRequest } from '../../../src/core/decision.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { anna, ben, type DecisionFixture, lead, person, reviewItem } from './decision-fixture.ts';

/** What a decision, an undo and an overruling write. */
export function describeDecisions(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore writes rows, training, activity and outbox of a decision together`, async () => {
    const [a, b] = await f.add('a', 'b', 'c');
    f.now += 5;
    const decision = await f.decide(anna, 'spam', [a!, b!], { note: 'an advertisement' });
    expect(decision).toEqual({
      ...{ id: expect.any(Number), label: 'spam', items: [a, b], decided_by: 'anna', decided_at: f.now },
      ...{ note: 'an advertisement', undoes: null },
    });
    expect(await f.reviews.count()).toMatchObject({ open: 1, leased: 0, labelled: 2 });
    expect(await f.training()).toEqual([
      [1, 'text of a', 'anna', a, 'review'],
      [1, 'text of b', 'anna', b, 'review'],
    ]);
    const { items } = await f.store.activity({ limit: 10 });
    expect(items).toMatchObject([
      { who: 'anna', what: 'decision', when: f.now, after: { decision: decision.id, items: [a, b] } },
    ]);
    expect(await f.published()).toEqual(
      ['a', 'b'].map((message_id) => ({
        ...{ community: 'forum', message_id, verdict: 'spam', probability: 0.6, probability_min: 0.6 },
        ...{ probability_max: 0.6, model: '20261101T000000Z-01234567', decided_by: 'human' },
        ...{ reasons: ['word: "free"'], scored_at: new Date(f.now).toISOString() },
      })),
    );
    expect((await f.store.decisions({ limit: 10 })).items).toEqual([{ ...decision, undone_by: null }]);
  });

  it(`${name} as a DecisionStore writes nothing of a decision that fails in its middle`, async () => {
    const [a] = await f.add('a');
    await expect(
      f.store.transact(async (transaction) => {
        const rows = await transaction.lockRows([a!]);
        const { status } = rows[0]!;
        await transaction.write({
          ...{ decision: { label: 'spam', decided_by: 'x', decided_at: f.now, note: null, undoes: null } },
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
    expect(await f.openIds()).toEqual([a]);
    expect(await f.training()).toEqual([]);
    expect((await f.store.decisions({ limit: 10 })).items).toEqual([]);
    expect((await f.store.activity({ limit: 10 })).items).toEqual([]);
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
    await f.reviews.add(texts.map((message, i) => reviewItem(`m-${i}`, { message })));
    await f.decide(anna, 'ham', await f.openIds());
    const rows = await f.harness.rows(
      'select count(*) as n from training join review on review.id = training.review_id where training.message = review.message and training.class = 0',
    );
    expect(Number(rows[0]!.n)).toBe(texts.length);
  });

  it(`${name} as a DecisionStore decides all rows of a request or none`, async () => {
    const [a, b] = await f.add('a', 'b');
    await f.decide(anna, 'spam', [b!]);
    await expect(f.decide(ben, 'ham', [a!, b!])).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
    await expect(f.decide(ben, 'ham', [a!, 999_999])).rejects.toMatchObject({ code: 'REVIEW_UNKNOWN' });
    await f.harness.run(`update review set state = 'erased' where id = ${b}`);
    await expect(f.decide(ben, 'ham', [a!, b!])).rejects.toMatchObject({ code: 'REVIEW_ERASED' });
    await expect(f.desk.undo(anna, 1)).rejects.toMatchObject({ code: 'REVIEW_ERASED' });
    expect(await f.openIds()).toEqual([a]);
    await expect(f.decide(person('vera', 'viewer'), 'ham', [a!])).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    });
    await expect(f.desk.lease(person('vera', 'viewer'), { count: 1 })).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    });
  });

  it(`${name} as a DecisionStore returns the first decision for a repeated key, also when both come at once`, async () => {
    const [a, b] = await f.add('a', 'b');
    const request: DecisionRequest = { label: 'spam', items: [{ review_id: a! }] };
    const both = await Promise.all([1, 2, 3].map(() => f.desk.decide(anna, request, 'key-1')));
    expect(both[1]).toEqual(both[0]);
    expect(both[2]).toEqual(both[0]);
    const other: DecisionRequest = { label: 'spam', items: [{ review_id: b! }] };
    await expect(f.desk.decide(anna, other, 'key-1')).rejects.toMatchObject({ code: 'KEY_REUSED' });
    await expect(f.desk.decide(anna, other, '')).rejects.toMatchObject({ code: 'USAGE' });
    // Keys are each person's own.
    await f.desk.decide(ben, other, 'key-1');
    const undone = await f.desk.undo(anna, both[0]!.id, 'key-2');
    expect(await f.desk.undo(anna, both[0]!.id, 'key-2')).toEqual(undone);
    expect((await f.store.activity({ limit: 10 })).items).toHaveLength(3);
  });

  it(`${name} as a DecisionStore undoes a decision once, and publishes what amends it`, async () => {
    const [a] = await f.add('a');
    const first = await f.decide(anna, 'spam', [a!]);
    await expect(f.desk.undo(ben, first.id)).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
    const undo = await f.desk.undo(anna, first.id);
    expect(undo).toMatchObject({ label: null, undoes: first.id, items: [a] });
    expect(await f.openIds()).toEqual([a]);
    expect(await f.training()).toEqual([]);
    await expect(f.desk.undo(anna, first.id)).rejects.toMatchObject({
      ...{ code: 'UNDO_REFUSED', message: expect.stringContaining(`undone by decision ${undo.id}`) },
    });
    await expect(f.desk.undo(anna, undo.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
    await expect(f.desk.undo(anna, 999)).rejects.toMatchObject({ code: 'REVIEW_UNKNOWN' });
    await f.decide(ben, 'ham', [a!]);
    const verdicts = await f.published();
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['spam', 'review', 'ham']);
    expect(verdicts.map(({ amends }) => amends)).toEqual([
      undefined,
      ...verdicts.slice(0, 2).map((v) => v.scored_at),
    ]);
    expect(new Set(verdicts.map(({ scored_at }) => scored_at)).size).toBe(3);
  });

  it(`${name} as a DecisionStore lets a lead overrule a label, and the undo of that gives the first label back`, async () => {
    const [a] = await f.add('a');
    const first = await f.decide(anna, 'spam', [a!]);
    await expect(f.decide(ben, 'ham', [a!], { overrule: true })).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    });
    await expect(f.decide(lead, 'ham', [a!])).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
    await expect(f.decide(lead, 'spam', [a!], { overrule: true })).rejects.toMatchObject({
      code: 'REVIEW_DECIDED',
    });
    const second = await f.decide(lead, 'ham', [a!], { overrule: true });
    expect(await f.training()).toEqual([[0, 'text of a', 'lead', a, 'review']]);
    await expect(f.desk.undo(anna, first.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
    await f.desk.undo(lead, second.id);
    expect(await f.training()).toEqual([[1, 'text of a', 'anna', a, 'review']]);
    expect((await f.published()).map(({ verdict }) => verdict)).toEqual(['spam', 'ham', 'spam']);
  });

  it(`${name} as a DecisionStore undoes the last fifty decisions of a person; a lead undoes any`, async () => {
    const ids = await f.add(...Array.from({ length: 51 }, (_, i) => `m-${i}`));
    const decisions = [];
    for (const id of ids) decisions.push(await f.decide(anna, 'ham', [id]));
    await expect(f.desk.undo(anna, decisions[0]!.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
    await f.desk.undo(anna, decisions[2]!.id);
    await f.desk.undo(lead, decisions[0]!.id);
    expect(await f.openIds()).toEqual([ids[0], ids[2]]);
  });

  it(`${name} as a DecisionStore takes back what no later decision changed of a decision on many rows`, async () => {
    const [a, b] = await f.add('a', 'b');
    const both = await f.decide(anna, 'spam', [a!, b!]);
    await f.decide(lead, 'ham', [b!], { overrule: true });
    expect((await f.desk.undo(anna, both.id)).items).toEqual([a]);
    expect(await f.training()).toEqual([[0, 'text of b', 'lead', b, 'review']]);
  });

  it(`${name} as a DecisionStore keeps everything when it is closed and opened again`, async () => {
    const [a] = await f.add('a');
    await f.decide(anna, 'spam', [a!]);
    await f.reopen();
    expect((await f.store.list({ state: 'labelled', order: 'age', limit: 5 })).items).toMatchObject([
      { id: a, label: 'spam', decided_by: 'anna', decided_at: f.now, unsure: 0 },
    ]);
    expect(await f.published()).toHaveLength(1);
  });

  it(`${name} as a DecisionStore makes one of the decisions that come for a row at once, and one of the undos`, async () => {
    const ids = await f.add('a', 'b', 'c', 'd', 'e');
    const others = await Promise.all(Array.from({ length: 3 }, () => f.harness.open(() => f.now)));
    const desks = [f.store, ...others].map((store) => new ReviewDesk(store));
    for (const id of ids) {
      const decisions = await Promise.allSettled(
        desks.map((desk, i) =>
          desk.decide(person(`p-${i}`), { label: i % 2 ? 'spam' : 'ham', items: [{ review_id: id }] }),
        ),
      );
      const made = decisions.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const codes = decisions.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      expect([made.length, codes]).toEqual([1, Array.from({ length: 3 }, () => 'REVIEW_DECIDED')]);
      const undos = await Promise.allSettled(desks.map((desk) => desk.undo(lead, made[0]!.id)));
      expect(undos.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    for (const other of others) await other.close();
    expect(await f.training()).toEqual([]);
    expect((await f.store.activity({ limit: 100 })).items).toHaveLength(2 * ids.length);
    expect(await f.published()).toHaveLength(2 * ids.length);
  });
}

/** The verdicts of decisions and the order in which they are handed out. */
export function describeOutbox(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore gives outbox rows of one message in order, each to one publisher, and again when its lease has ended`, async () => {
    const [a, b] = await f.add('a', 'b');
    const spam = await f.decide(anna, 'spam', [a!]);
    await f.desk.undo(anna, spam.id);
    await f.decide(anna, 'ham', [b!]);
    f.now += 30_000;
    expect(await f.store.outboxDepth()).toEqual({ rows: 3, oldestSeconds: 30 });
    const take = async (holder: string) => {
      const rows = await f.store.takeOutbox({ holder, limit: 10 });
      return { rows, names: rows.map(({ verdict }) => `${verdict.message_id} ${verdict.verdict}`) };
    };
    const first = await take('one');
    expect(first.names).toEqual(['a spam', 'b ham']);
    expect((await take('two')).names).toEqual([]);
    f.now += 60_000;
    expect((await take('two')).names).toEqual(['a spam', 'b ham']);
    await f.store.finishOutbox([{ id: first.rows[0]!.id }]);
    await f.store.postponeOutbox([{ id: first.rows[1]!.id, hasFailed: true }], 5);
    expect((await take('two')).names).toEqual(['a review']);
    f.now += 5_000;
    const again = await take('two');
    expect(again.names).toEqual(['b ham']);
    await f.store.finishOutbox([{ id: again.rows[0]!.id, refusal: 'too large' }]);
    expect((await f.store.outboxDepth()).rows).toBe(1);
  });

  it(`${name} as a DecisionStore counts the verdicts of a message that has several rows`, async () => {
    await f.reviews.add([reviewItem('a'), reviewItem('a', { origin: 'report' })]);
    const [band, report] = await f.openIds();
    await Promise.all([f.decide(anna, 'spam', [band!]), f.decide(ben, 'ham', [report!])]);
    const verdicts = await f.published();
    expect(verdicts).toHaveLength(2);
    expect(verdicts[1]!.amends).toBe(verdicts[0]!.scored_at);
    await f.decide(
      lead,
      verdicts[1]!.verdict === 'ham' ? 'ham' : 'spam',
      [verdicts[1]!.verdict === 'ham' ? band! : report!],
      { overrule: true },
    );
    expect((await f.published())[0]!.amends).toBe(verdicts[1]!.scored_at);
  });

  it(`${name} as a DecisionStore numbers the verdicts of one decision on two rows of a message`, async () => {
    await f.reviews.add([reviewItem('a'), reviewItem('a', { origin: 'audit' })]);
    await f.decide(anna, 'spam', await f.openIds());
    const verdicts = await f.published();
    expect(verdicts.map(({ amends }) => amends)).toEqual([undefined, verdicts[0]!.scored_at]);
    expect(verdicts[1]!.scored_at > verdicts[0]!.scored_at).toBe(true);
  });
}
