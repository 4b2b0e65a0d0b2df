import { expect, it } from 'vitest';
import type { AuditFacts } from '../../../src/core/audit.ts';
import { isScoreHidden } from '../../../src/core/hidden-score.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { anna, ben, type DecisionFixture, lead, reviewItem } from './decision-fixture.ts';

export const auditFacts: AuditFacts = { inclusionProbability: 0.015625, verdict: 'ham', language: 'de' };

/** A drawn message, whose score and reasons stand nowhere else. */
export function auditItem(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return reviewItem(id, {
    ...{ probability: 0.123456789, reasons: ['word: "jackpot"'], origin: 'audit', audit: auditFacts },
    ...rest,
  });
}

/** What of an audit row may not be found anywhere before it is decided. */
const secrets = ['0.1234', '0.015625', 'jackpot', '"ham"'];

export function secretsIn(shown: unknown): readonly string[] {
  const text = JSON.stringify(shown);
  return secrets.filter((secret) => text.includes(secret));
}

/** Messages of the audit sample, which people decide without seeing the score. */
export function describeAudit(name: string, f: DecisionFixture): void {
  const published = async (): Promise<readonly (readonly [Verdict['verdict'], boolean])[]> =>
    (await f.harness.rows('select verdict from outbox order by id')).map(({ verdict }) => {
      const read = JSON.parse(String(verdict)) as Verdict;
      return [read.verdict, read.amends !== undefined];
    });
  const add = async (...items: readonly NewReviewItem[]) => {
    await f.reviews.add(items);
    return f.openIds();
  };

  it(`${name} as a DecisionStore shows nothing of the score of an audit row until it is decided, and all of it then`, async () => {
    const [id] = await add(auditItem('a'));
    const lists = async (state: 'open' | 'leased') =>
      Promise.all(
        (['uncertainty', 'age', 'audit', 'campaign', 'reports'] as const).map((order) =>
          f.store.list({ state, order, limit: 9 }),
        ),
      );
    const open = [await lists('open'), await f.store.item(id!)];
    const lease = await f.desk.lease(anna, { count: 5 });
    const leased = [lease, await lists('leased'), await f.store.item(id!)];
    expect(secretsIn([open, leased])).toEqual([]);
    expect(lease.items).toMatchObject([{ origin: 'audit', probability: null, reasons: [], campaign: null }]);
    await f.decide(anna, 'spam', [id!]);
    const decided = await f.store.item(id!);
    expect(decided).toMatchObject({
      ...{ state: 'labelled', probability: 0.123456789, reasons: ['word: "jackpot"'], audit: auditFacts },
    });
    expect(isScoreHidden(decided!)).toBe(false);
    const { items } = await f.store.list({ state: 'labelled', order: 'age', limit: 9 });
    expect(items).toEqual([decided]);
  });

  it(`${name} as a DecisionStore reveals the score of an audit row by no filter and by no place in an order`, async () => {
    const low = auditItem('low', { probability: 0.01 });
    const high = auditItem('high', { probability: 0.51 });
    await add(reviewItem('row', { probability: 0.6 }), low, high);
    const found = async (order: 'uncertainty' | 'audit' | 'campaign', filter: object = {}) =>
      (await f.store.list({ state: 'open', order, filter, limit: 9 })).items.map(
        ({ message_id }) => message_id,
      );
    for (const filter of [{ min: 0 }, { max: 1 }, { min: 0, max: 1 }])
      expect(await found('uncertainty', filter)).toEqual(['row']);
    expect(await found('uncertainty')).toEqual(['low', 'high', 'row']);
    expect(await found('audit')).toEqual(['low', 'high', 'row']);
    // The other way round the scores, the same order.
    await f.harness.run(`update review set audit_probability = 1 - audit_probability where origin = 'audit'`);
    expect(await found('uncertainty')).toEqual(['low', 'high', 'row']);
    expect(
      await f.store.list({ state: 'open', order: 'age', filter: { origin: 'audit' }, limit: 9 }),
    ).toMatchObject({
      items: [{ message_id: 'low' }, { message_id: 'high' }],
    });
  });

  it(`${name} as a DecisionStore shows a decided audit row to a second person without its score`, async () => {
    const [id] = await add(auditItem('a'));
    const desk = new ReviewDesk(f.store, { secondOpinionShare: 1 });
    await desk.decide(anna, { label: 'spam', items: [{ review_id: id! }] });
    const second = await desk.lease(ben, { count: 5 });
    expect(second.items).toMatchObject([{ id, state: 'leased', label: null }]);
    expect(secretsIn(second)).toEqual([]);
    await desk.decide(ben, { label: 'ham', items: [{ review_id: id! }] });
    const { items } = await desk.lease(lead, { count: 5 });
    expect(items).toMatchObject([
      { id, probability: null, reasons: [], answers: [{ by: 'anna' }, { by: 'ben' }] },
    ]);
    expect(items[0]!.audit).toBeUndefined();
  });

  it(`${name} as a DecisionStore publishes the answer for an audit row, and by an undo the verdict of the model`, async () => {
    const [ham, spam] = await add(
      auditItem('one'),
      auditItem('other', { audit: { ...auditFacts, verdict: 'spam' }, probability: 0.99 }),
    );
    const first = await f.decide(anna, 'spam', [ham!]);
    const second = await f.decide(anna, 'ham', [spam!]);
    expect(await f.training()).toMatchObject([
      [1, 'text of one', 'anna', ham, 'review'],
      [0, 'text of other', 'anna', spam, 'review'],
    ]);
    await f.desk.undo(anna, first.id);
    await f.desk.undo(anna, second.id);
    expect(await published()).toEqual([
      ['spam', false],
      ['ham', false],
      ['ham', true],
      ['spam', true],
    ]);
    expect(await f.training()).toEqual([]);
    // Hidden again: others may decide it now.
    expect(secretsIn(await f.store.item(ham!))).toEqual([]);
  });

  it(`${name} as a DecisionStore leaves audit rows out of campaigns and of decisions on them`, async () => {
    const [row, audit] = await add(reviewItem('row'), auditItem('audit'));
    expect((await f.store.campaigns.unassigned(9)).map(({ id }) => id)).toEqual([row]);
    // As a daemon of an earlier version might.
    await f.harness.run('update review set campaign = 5');
    await f.harness.run(`insert into campaign (id, version, revision, members, center, created_at, changed_at)
      values (5, 'v', 1, 2, '', 0, 0)`);
    const rows = await f.store.transact((transaction) => transaction.campaignRows(5));
    expect(rows).toEqual([row]);
    expect((await f.store.item(audit!))!.campaign).toBeNull();
  });

  it(`${name} as a DecisionStore makes the key of the audit sample once, also where two ask at once`, async () => {
    const ask = () => f.store.transact((transaction) => transaction.auditKey());
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect([other, await ask()]).toEqual([one, one]);
    expect(await f.store.transact((transaction) => transaction.samplingKey())).not.toBe(one);
  });
}
