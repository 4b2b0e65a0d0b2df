import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditItem, secretsIn } from '../../contract/suites/decision-audit.ts';
import { reviewApi } from './review-fixture.ts';

describe('the audit sample over HTTP', () => {
  let api: Awaited<ReturnType<typeof reviewApi>>;
  beforeEach(async () => {
    api = await reviewApi({
      secondOpinionShare: 1,
      explainer: {
        explain: async () => {
          throw new Error('explained');
        },
      },
    });
    await api.add([auditItem('drawn')]);
  });
  afterEach(() => api.dispose());
  const ID = 6;

  const everywhere = async (as: 'anna moderator' | 'ben moderator' = 'anna moderator') =>
    Promise.all(
      [
        ...['open', 'leased'].flatMap((state) =>
          ['uncertainty', 'age', 'audit', 'campaign', 'reports'].map(
            (order) => `review?state=${state}&order=${order}`,
          ),
        ),
        ...[`review/${ID}`, `review/${ID}/explanation`, `review/${ID}/nearest`],
        ...[
          'review?min=0&max=1',
          'review?origin=audit',
          'review/stats',
          'campaigns',
          'decisions',
          'activity',
        ],
      ].map(async (path) => (await api.get(`/api/v1/${path}`, as)).body),
    );

  test('no route shows the score of an audit row before it is decided, and a decided row shows it', async () => {
    expect(secretsIn(await everywhere())).toEqual([]);
    const { body: lease } = await api.lease(9);
    expect(lease.items.map(({ id }: { id: number }) => id)).toContain(ID);
    expect(secretsIn([lease, await everywhere()])).toEqual([]);
    await api.decide('unsure', [ID]);
    expect(secretsIn(await everywhere())).toEqual([]);
    await api.decide('spam', [ID], { as: 'ben moderator' });
    expect((await api.get(`/api/v1/review/${ID}`)).body).toMatchObject({
      ...{ state: 'labelled', probability: 0.123456789, reasons: ['word: "jackpot"'] },
      audit: { inclusion_probability: 0.015625, verdict: 'ham', language: 'de' },
    });
  });

  test('the score of an audit row is explained once it is decided, and to nobody who is asked for a second answer', async () => {
    const explanation = async (as: 'anna moderator' | 'ben moderator') => {
      const { status, body } = await api.get(`/api/v1/review/${ID}/explanation`, as);
      return [status, body.type];
    };
    const hidden = [409, 'urn:sluice:problem:score-hidden'];
    expect(await explanation('anna moderator')).toEqual(hidden);
    await api.decide('spam', [ID]);
    // The stand-in explainer was reached.
    expect((await explanation('anna moderator'))[0]).toBe(500);
    const { body } = await api.lease(9, 'ben moderator', { origin: 'audit' });
    expect(body.items).toMatchObject([{ id: ID, probability: null, reasons: [] }]);
    expect(await explanation('ben moderator')).toEqual(hidden);
    expect(secretsIn((await api.get(`/api/v1/review/${ID}`, 'ben moderator')).body)).toEqual([]);
  });
});
