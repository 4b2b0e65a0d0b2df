import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disagreement } from '../../contract/suites/decision-shadow.ts';
import { reviewApi } from './review-fixture.ts';

const [active, shadow] = ['20261101T000000Z-01234567', '20261102T000000Z-01234567'] as const;

let api: Awaited<ReturnType<typeof reviewApi>>;
beforeEach(async () => {
  api = await reviewApi();
});
afterEach(() => api.dispose());

const confirm = (version: string, as: 'lea lead' | 'moe moderator', reason = 'looked at it') =>
  api.ask({ method: 'POST', url: `/api/v1/models/${version}/confirm`, body: { reason }, as });

describe('GET /api/v1/shadow', () => {
  it('answers with counts and the newest messages that got different verdicts, page by page, for people and not for strangers', async () => {
    const count = { active, shadow, activeVerdict: 'ham', shadowVerdict: 'spam', messages: 3 } as const;
    const disagreements = ['1', '2', '3'].map((id) => disagreement(id));
    await api.decisions.shadow.add({ counts: [count], disagreements, keep: 10 });
    const { body } = await api.get('/api/v1/shadow?limit=2', 'vic viewer');
    expect(body.counts).toEqual([
      { active, shadow, active_verdict: 'ham', shadow_verdict: 'spam', messages: 3 },
    ]);
    expect(body.disagreements).toMatchObject([
      {
        message_id: '3',
        active: { verdict: 'ham' },
        shadow: { verdict: 'spam', reasons: ['w:free', '“quoted”'] },
      },
      { message_id: '2' },
    ]);
    const next = await api.get(`/api/v1/shadow?before=${body.disagreements[1].id}`, 'vic viewer');
    expect(next.body.disagreements).toMatchObject([{ message_id: '1' }]);
    expect((await api.ask({ url: '/api/v1/shadow' })).status).toBe(401);
    expect((await api.get('/api/v1/shadow?limit=0', 'vic viewer')).status).toBe(400);
  });
});

describe('the guard over HTTP', () => {
  it('lists what the guard found, and lets leads confirm a version that is held back, with a reason, once', async () => {
    await api.decisions.guard.decide(shadow, { state: 'tripped', who: 'guard', why: 'more spam' });
    const listed = () => api.get('/api/v1/models/guard', 'vic viewer');
    expect((await listed()).body.versions).toMatchObject([
      { version: shadow, state: 'tripped', decided: 'guard: more spam', before: null },
    ]);
    expect((await confirm(shadow, 'moe moderator')).status).toBe(403);
    expect((await confirm(shadow, 'lea lead', ' ')).status).toBe(400);
    expect((await confirm(active, 'lea lead')).status).toBe(404);
    expect(await confirm(shadow, 'lea lead')).toMatchObject({ status: 200, body: { state: 'confirmed' } });
    expect((await confirm(shadow, 'lea lead')).status).toBe(404);
    expect((await listed()).body.versions).toMatchObject([
      { state: 'confirmed', decided: 'lea: looked at it' },
    ]);
  });
});
