import { expect, it } from 'vitest';
import type { AuditFacts } from '../../../src/core/audit.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { type DecisionFixture, reviewItem } from './decision-fixture.ts';

const facts: AuditFacts = { inclusionProbability: 0.001, verdict: 'ham', language: 'de' };

function drawn(id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return reviewItem(id, { origin: 'audit', probability: 0.125, audit: facts, ...rest });
}

/** The audit sample, to read. */
export function describeAuditStore(name: string, f: DecisionFixture): void {
  const idsOf = async () => {
    const { items } = await f.store.list({ state: 'open', order: 'age', limit: 100 });
    return new Map(items.map(({ message_id, id }) => [message_id, id]));
  };
  /** The rows as if they had been created at times of these offsets. */
  const createAt = async (times: Readonly<Record<string, number>>) => {
    for (const [id, at] of Object.entries(times))
      await f.harness.run(`update review set created_at = ${f.now + at} where message_id = '${id}'`);
  };
  const decide = (id: string, label: 'spam' | 'ham') =>
    f.harness.run(`update review set state = 'labelled', label = '${label}' where message_id = '${id}'`);

  it(`${name} as an AuditStore returns drawn messages with how they were drawn, scored and decided, newest first`, async () => {
    await f.reviews.add([
      reviewItem('band'),
      drawn('a', { community: 'half \ud83d' }),
      drawn('b', { audit: { ...facts, verdict: 'spam', language: '' }, probability: null }),
      drawn('c'),
    ]);
    await createAt({ a: 1, b: 2, c: 2, band: 2 });
    await decide('a', 'spam');
    await f.harness.run("update review set unsure_count = 2 where message_id = 'b'");
    expect((await idsOf()).size).toBe(3);
    const range = { from: f.now, to: f.now + 10 };
    const { items, next } = await f.store.audit.sample({ ...range, limit: 10 });
    expect(next).toBeNull();
    const same = { community: 'forum', model: '20261101T000000Z-01234567', label: null, unsure: 0 };
    expect(items).toEqual([
      { ...same, ...facts, probability: 0.125, drawnAt: f.now + 2 },
      { ...same, ...facts, verdict: 'spam', language: '', probability: null, drawnAt: f.now + 2, unsure: 2 },
      { ...same, ...facts, community: 'half \ud83d', probability: 0.125, drawnAt: f.now + 1, label: 'spam' },
    ]);
  });

  it(`${name} as an AuditStore returns the sample page by page, each message once, within the time`, async () => {
    const ids = Array.from({ length: 9 }, (_, at) => `message ${at}`);
    await f.reviews.add(ids.map((id) => drawn(id)));
    await createAt(Object.fromEntries(ids.map((id, at) => [id, Math.floor(at / 3)])));
    const range = { from: f.now, to: f.now + 2 };
    const times: number[] = [];
    let after: string | null = null;
    do {
      const query = { ...range, limit: 2, ...(after === null ? {} : { after }) };
      const page: Awaited<ReturnType<typeof f.store.audit.sample>> = await f.store.audit.sample(query);
      times.push(...page.items.map(({ drawnAt }) => drawnAt - f.now));
      after = page.next;
    } while (after !== null);
    expect(times).toEqual([1, 1, 1, 0, 0, 0]);
    await expect(f.store.audit.sample({ ...range, limit: 2, after: 'x' })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it(`${name} as an AuditStore counts decided rows of other origins by label and score, within the time and without the sample`, async () => {
    await f.reviews.add([
      ...['a', 'b', 'c', 'late', 'open'].map((id) => reviewItem(id)),
      reviewItem('reported', { origin: 'report', probability: 0.2 }),
      reviewItem('unscored', { origin: 'unscorable', probability: null }),
      drawn('audited'),
    ]);
    await createAt({ a: 0, b: 1, c: 2, late: 10, open: 1, reported: 3, unscored: 3, audited: 3 });
    for (const id of ['a', 'b', 'late', 'reported', 'unscored', 'audited']) await decide(id, 'spam');
    await decide('c', 'ham');
    expect(await f.store.audit.reviewed({ from: f.now, to: f.now + 10 })).toEqual([
      { label: 'ham', aboveHalf: true, rows: 1 },
      { label: 'spam', aboveHalf: false, rows: 1 },
      { label: 'spam', aboveHalf: true, rows: 2 },
    ]);
    expect(await f.store.audit.reviewed({ from: f.now - 10, to: f.now })).toEqual([]);
  });
}
