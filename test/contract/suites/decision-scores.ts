import { expect, it } from 'vitest';
import { type DecisionFixture, reviewItem } from './decision-fixture.ts';

/** Scores of what people decided. */
export function describeScores(name: string, f: DecisionFixture): void {
  it(`${name} as LabeledScores has decided rows of one model with a probability, newest first, and no others`, async () => {
    const model = 'scored';
    await f.reviews.add([
      reviewItem('low', { model, probability: 0.123_456_789 }),
      reviewItem('open', { model, probability: 0.6 }),
      reviewItem('unscored', { model, probability: null, origin: 'unscorable' }),
      reviewItem('other', { model: 'another', probability: 0.6 }),
      reviewItem('drawn', { model, probability: 1, origin: 'audit' }),
    ]);
    const { items } = await f.store.list({ state: 'open', order: 'age', limit: 100 });
    const idOf = (id: string) => items.find(({ message_id }) => message_id === id)!.id;
    const decided = ['low', 'unscored', 'other', 'drawn'].map((id) => ({ review_id: idOf(id) }));
    await f.desk.decide({ name: 'lea', role: 'lead' }, { label: 'spam', items: decided });
    const scores = await f.store.scores.newest({ model, limit: 10 });
    expect(scores).toMatchObject([
      { id: idOf('drawn'), label: 'spam', probability: 1, origin: 'audit' },
      {
        id: idOf('low'),
        label: 'spam',
        probability: 0.123_456_789,
        origin: 'band',
        inclusionProbability: null,
      },
    ]);
    expect(await f.store.scores.newest({ model, limit: 1 })).toHaveLength(1);
    expect(await f.store.scores.newest({ model: 'none', limit: 10 })).toEqual([]);
  });
}
