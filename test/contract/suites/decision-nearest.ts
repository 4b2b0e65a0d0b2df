import { expect, it } from 'vitest';
import { anna, type DecisionFixture, reviewItem } from './decision-fixture.ts';

/** Labeled messages by their words and their campaign. */
export function describeCandidates(name: string, f: DecisionFixture): void {
  const add = async (texts: Readonly<Record<string, string>>) => {
    await f.reviews.add(Object.entries(texts).map(([id, message]) => reviewItem(id, { message })));
    return f.openIds();
  };
  const find = async (...words: readonly (readonly string[])[]) => {
    const found = await f.store.candidates.find({ campaign: null, words, limit: 10 });
    return found.map(({ message }) => message);
  };

  it(`${name} as a DecisionStore finds labeled messages that have all words of a list, whatever their case`, async () => {
    const [a, b] = await add({
      a: 'Marmalade for the harbor master',
      b: 'the HARBOR is closed',
      c: 'marmalade in the harbor, and nobody decided it',
    });
    await f.decide(anna, 'spam', [a!]);
    await f.decide(anna, 'ham', [b!]);
    expect(await find(['marmalade', 'harbor'])).toEqual(['Marmalade for the harbor master']);
    expect(await find(['harbor'])).toEqual(['the HARBOR is closed', 'Marmalade for the harbor master']);
    expect(await find(['marmalade', 'harbor'], ['closed'], ['nobody'])).toHaveLength(2);
    const [found] = await f.store.candidates.find({ campaign: null, words: [['marmalade']], limit: 10 });
    expect(found).toMatchObject({
      ...{ review_id: a, message_id: 'a', community: 'forum', label: 'spam', source: 'review' },
      ...{ labelled_by: 'anna', labelled_at: f.now, isOfCampaign: false },
    });
  });

  it(`${name} as a DecisionStore finds no message whose decision was taken back`, async () => {
    const [a] = await add({ a: 'marmalade' });
    const { id } = await f.decide(anna, 'spam', [a!]);
    await f.desk.undo(anna, id);
    expect(await find(['marmalade'])).toEqual([]);
  });

  it(`${name} as a DecisionStore finds labeled messages of a campaign whatever their words are, the newest alone where there are more`, async () => {
    const ids = await add({ a: 'one', b: 'two', c: 'three', d: 'four' });
    await f.harness.run("update review set campaign = 9 where message_id in ('a', 'b', 'c')");
    await f.decide(anna, 'spam', [ids[0]!, ids[1]!, ids[3]!]);
    const of = async (limit: number) => {
      const found = await f.store.candidates.find({ campaign: 9, words: [], limit });
      expect(found.every(({ isOfCampaign }) => isOfCampaign)).toBe(true);
      return found.map(({ message_id }) => message_id);
    };
    expect((await of(10)).sort()).toEqual(['a', 'b']);
    expect(await of(1)).toEqual(['b']);
  });

  it(`${name} as a DecisionStore finds messages of the training data that were never in the queue`, async () => {
    await f.harness.run(
      "insert into training (class, message, community, source) values (1, 'periwinkle offer', 'x', 'corpus')",
    );
    const [found] = await f.store.candidates.find({ campaign: null, words: [['periwinkle']], limit: 10 });
    expect(found).toMatchObject({ review_id: null, message_id: null, label: 'spam', source: 'corpus' });
  });

  it(`${name} as a DecisionStore finds no imported message that nobody has labeled, and the labeled ones behind many of them`, async () => {
    const row = (by: string, text: string) => `(0, '${text} offer', 'x', 'dump', ${by}, 7)`;
    const rows = [
      row("'step:8'", 'periwinkle'),
      ...Array.from({ length: 30 }, () => row('null', 'periwinkle')),
    ];
    await f.harness.run(
      `insert into training (class, message, community, source, labelled_by, import_step) values ${rows.join(', ')}`,
    );
    const found = await f.store.candidates.find({ campaign: null, words: [['periwinkle']], limit: 3 });
    expect(found).toMatchObject([{ label: 'ham', labelled_by: 'step:8' }]);
  });
}
