import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Accounts } from '../../../src/accounts/accounts.ts';
import { fakeAccounts } from './fakes.ts';
import { reviewApi } from './review-fixture.ts';

/** `token.SCOPE` is an API token with that scope. */
const accounts = {
  ...fakeAccounts,
  callers: {
    ...fakeAccounts.callers,
    byToken: async (secret: string) =>
      secret.startsWith('token.')
        ? { kind: 'token', actor: { name: 'shop', role: 'moderator' }, scopes: [secret.slice(6)] }
        : fakeAccounts.callers.byToken(secret),
  },
} as unknown as Accounts;

const asToken = (scope: string) => ({ authorization: `Bearer token.${scope}` });

describe('POST /api/v1/reports', () => {
  let api: Awaited<ReturnType<typeof reviewApi>>;
  const start = async (options: Parameters<typeof reviewApi>[0] = {}) => {
    await api?.dispose();
    api = await reviewApi({ accounts, ...options });
  };
  beforeEach(() => start());
  afterEach(async () => {
    await api.dispose();
    api = undefined as never;
  });

  const body = { community: 'forum', message_id: 'x1', message: 'odd periwinkles', reporter: 'r1' };
  const report = (rest: object = {}, headers: Record<string, string> = asToken('report')) =>
    api.ask({ method: 'POST', url: '/api/v1/reports', body: { ...body, ...rest }, headers });

  test('a report is accepted, scored by the model, and in the queue with its origin', async () => {
    expect(await report()).toMatchObject({ status: 202, body: { state: 'open', counted: true } });
    expect((await report()).body).toEqual({ state: 'open', counted: false });
    expect((await report({ reporter: 17, message_id: 'x1' })).body.counted).toBe(true);
    const { body: page } = await api.get('/api/v1/review?origin=report&reporters=2&order=reports');
    expect(page.items).toMatchObject([
      {
        ...{ community: 'forum', message_id: 'x1', message: 'odd periwinkles', origin: 'report' },
        ...{ probability: 0.25, reporters: 2, sender: null, state: 'open' },
      },
    ]);
  });

  test('a report counts while the model cannot score', async () => {
    await start({ scorer: { score: () => Promise.reject(new Error('none')) } as never });
    expect((await report({ sender: 'mallory' })).status).toBe(202);
    const { items } = (await api.get('/api/v1/review?origin=report')).body;
    expect(items).toMatchObject([{ probability: null, reporters: 1, sender: 'mallory' }]);
  });

  test('only a token with the scope report may report', async () => {
    expect((await report({}, {})).status).toBe(401);
    expect((await report({}, asToken('review'))).status).toBe(403);
    expect((await report({}, { ...asToken('score') })).status).toBe(403);
    const asLead = await api.ask({ method: 'POST', url: '/api/v1/reports', body, as: 'lena lead' });
    expect(asLead.status).toBe(403);
  });

  test('what is no report is refused, and so are too many of one person', async () => {
    for (const wrong of [{ reporter: '' }, { message: '' }, { message_id: 1.5 }, { reporter: null }])
      expect((await report(wrong)).status).toBe(400);
    await start({ reportLimits: { perReporterHour: 1, reopenReports: 3 } });
    expect((await report()).status).toBe(202);
    const more = await report({ message_id: 'x2' });
    expect(more).toMatchObject({ status: 429, headers: { 'retry-after': '600' } });
    expect((await report({ message_id: 'x2', reporter: 'r2' })).status).toBe(202);
  });
});
