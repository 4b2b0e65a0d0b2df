import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { type Answered, reviewApi } from './review-fixture.ts';

let desk: Awaited<ReturnType<typeof reviewApi>>;
beforeEach(async () => {
  desk = await reviewApi();
});
afterEach(() => desk.dispose());

const problem = ({ status, body }: Answered) => [status, body.type.replace('urn:sluice:problem:', '')];
const undo = (id: number, as: `${string} moderator` | `${string} lead` = 'anna moderator', headers = {}) =>
  desk.ask({ method: 'POST', url: `/api/v1/decisions/${id}/undo`, as, headers });

describe('POST /api/v1/decisions', () => {
  test('POST /api/v1/decisions labels the rows and queues a verdict for each', async () => {
    const { status, body } = await desk.decide('spam', [1, 2], { note: 'advertising' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ id: 1, label: 'spam', items: [1, 2], decided_by: 'anna', note: 'advertising', undoes: null },
    });
    expect(await desk.published()).toMatchObject([
      { message_id: 'a', verdict: 'spam', decided_by: 'human' },
      { message_id: 'b', verdict: 'spam', decided_by: 'human' },
    ]);
    expect((await desk.get('/api/v1/review?state=labelled')).body.items).toHaveLength(2);
  });

  test('POST /api/v1/decisions answers a repeated idempotency key with the first decision, and decides nothing twice', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await desk.decide('spam', [1], { headers });
    expect(await desk.decide('spam', [1], { headers })).toMatchObject({ status: 200, body: first.body });
    expect(await desk.published()).toHaveLength(1);
    expect(problem(await desk.decide('ham', [1], { headers }))).toEqual([422, 'key-reused']);
  });

  test('POST /api/v1/decisions refuses an empty or endless idempotency key', async () => {
    for (const key of ['', 'k'.repeat(101)])
      expect(problem(await desk.decide('spam', [1], { headers: { 'idempotency-key': key } }))).toEqual([
        ...[400, 'bad-request'],
      ]);
  });

  test('POST /api/v1/decisions refuses a row that somebody has decided, and names the label', async () => {
    await desk.decide('spam', [1]);
    const again = await desk.decide('ham', [2, 1], { as: 'ben moderator' });
    expect(problem(again)).toEqual([409, 'already-decided']);
    expect(again.body.detail).toBe('Review row 1 is spam already, by anna; a lead can overrule that.');
    expect((await desk.get('/api/v1/review/2')).body.state).toBe('open');
  });

  test('POST /api/v1/decisions decides only what If-Match names', async () => {
    const { headers } = await desk.get('/api/v1/review/1');
    const stale = await desk.decide('spam', [1], { headers: { 'if-match': '"0-0123456789abcdef"' } });
    expect(problem(stale)).toEqual([412, 'stale']);
    expect((await desk.get('/api/v1/review/1')).body.state).toBe('open');
    const right = await desk.decide('spam', [1], { headers: { 'if-match': String(headers.etag) } });
    expect(right.status).toBe(200);
    expect((await desk.decide('spam', [2], { headers: { 'if-match': '*' } })).status).toBe(200);
  });

  test('POST /api/v1/decisions refuses an If-Match that it cannot hold to', async () => {
    const tag = { 'if-match': '"0-0123456789abcdef"' };
    expect(problem(await desk.decide('spam', [1, 2], { headers: tag }))).toEqual([400, 'bad-request']);
    for (const value of ['"a", "b"', 'W/"a"', 'a'])
      expect(problem(await desk.decide('spam', [1], { headers: { 'if-match': value } }))).toEqual([
        ...[400, 'bad-request'],
      ]);
    const items = [{ review_id: 1, version: 'other' }];
    expect(problem(await desk.decide('spam', [], { headers: tag, items }))).toEqual([400, 'bad-request']);
  });

  test('POST /api/v1/decisions refuses a row under a lease that has ended, and one that somebody else holds', async () => {
    const { body: lease } = await desk.lease(1);
    const items = [{ review_id: 1, lease: lease.id }];
    expect(problem(await desk.decide('spam', [1], { as: 'ben moderator' }))).toEqual([409, 'lease-held']);
    desk.clock.now += 61_000;
    expect(problem(await desk.decide('spam', [], { items }))).toEqual([410, 'lease-expired']);
    const { body: next } = await desk.lease(1);
    expect(next.items[0].id).toBe(1);
    const held = [{ review_id: 1, lease: next.id }];
    expect((await desk.decide('spam', [], { items: held })).status).toBe(200);
  });

  test('POST /api/v1/decisions is not for viewers, and overruling is for leads', async () => {
    expect(problem(await desk.decide('spam', [1], { as: 'vic viewer' }))).toEqual([403, 'forbidden']);
    await desk.decide('spam', [1]);
    const overruling = { overrule: true, as: 'ben moderator' } as const;
    expect(problem(await desk.decide('ham', [1], overruling))).toEqual([403, 'forbidden']);
    expect((await desk.decide('ham', [1], { ...overruling, as: 'lea lead' })).status).toBe(200);
    const [spam] = await desk.published();
    const [ham] = await desk.published();
    expect(ham).toMatchObject({ verdict: 'ham', amends: spam!.scored_at });
  });

  test('POST /api/v1/decisions answers 404 for a row that is not there, and 400 for what is no decision', async () => {
    expect(problem(await desk.decide('spam', [99]))).toEqual([404, 'not-found']);
    expect((await desk.decide('maybe', [1])).body.errors).toMatchObject([{ pointer: '#/label' }]);
    expect((await desk.decide('spam', [])).body.errors).toMatchObject([{ pointer: '#/items' }]);
    expect((await desk.decide('spam', [1, 1])).body.errors).toMatchObject([{ pointer: '#/items' }]);
  });

  test('POST /api/v1/decisions answers 410 for a message that was erased, as do the row and its reasons', async () => {
    desk.run("update review set state = 'erased', message = '' where id = 1");
    expect(problem(await desk.decide('spam', [1]))).toEqual([410, 'erased']);
    expect(problem(await desk.get('/api/v1/review/1'))).toEqual([410, 'erased']);
    expect(problem(await desk.get('/api/v1/review/1/explanation'))).toEqual([410, 'erased']);
  });

  test('POST /api/v1/decisions publishes nothing of a decision that could not be committed, and makes it later under the same key', async () => {
    const headers = { 'idempotency-key': 'k' };
    desk.run("create trigger planted before insert on activity begin select raise(abort, 'planted'); end");
    expect((await desk.decide('spam', [1], { headers })).status).toBe(500);
    expect(await desk.published()).toEqual([]);
    expect((await desk.get('/api/v1/review/1')).body).toMatchObject({ state: 'open', label: null });
    desk.run('drop trigger planted');
    expect((await desk.decide('spam', [1], { headers })).status).toBe(200);
    expect(await desk.published()).toHaveLength(1);
  });

  test('POST /api/v1/decisions answers 503 while the store is unavailable', async () => {
    await desk.dispose();
    desk = await reviewApi();
    desk.decisions.transact = async () => {
      throw new SluiceError('STORE_FAILED', 'the database at db:3306 failed', { retriable: true });
    };
    const { status, body, headers } = await desk.decide('spam', [1]);
    expect([status, body.detail, headers['retry-after']]).toEqual([503, 'Try again shortly.', '5']);
  });
});

describe('POST /api/v1/decisions/{id}/undo', () => {
  test('POST /api/v1/decisions/{id}/undo opens the row again and amends its verdict', async () => {
    const { body: decided } = await desk.decide('spam', [1]);
    const undone = await undo(decided.id);
    expect(undone.body).toMatchObject({ label: null, items: [1], undoes: decided.id });
    expect((await desk.get('/api/v1/review/1')).body).toMatchObject({ state: 'open', label: null });
    const verdicts = [...(await desk.published()), ...(await desk.published())];
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['spam', 'review']);
    expect(problem(await undo(decided.id))).toEqual([409, 'undo-refused']);
  });

  test('POST /api/v1/decisions/{id}/undo answers a repeated idempotency key with the first undo', async () => {
    const { body: decided } = await desk.decide('spam', [1]);
    const first = await undo(decided.id, 'anna moderator', { 'idempotency-key': 'u1' });
    expect(await undo(decided.id, 'anna moderator', { 'idempotency-key': 'u1' })).toMatchObject({
      ...{ status: 200, body: first.body },
    });
  });

  test('POST /api/v1/decisions/{id}/undo is for the one who decided, and for leads', async () => {
    const { body: decided } = await desk.decide('spam', [1]);
    expect(problem(await undo(decided.id, 'ben moderator'))).toEqual([403, 'forbidden']);
    expect((await undo(decided.id, 'lea lead')).status).toBe(200);
    expect(problem(await undo(99))).toEqual([404, 'not-found']);
  });
});

describe('GET /api/v1/decisions and /api/v1/activity', () => {
  test('GET /api/v1/decisions lists the newest first, of all or of one person, with what was undone', async () => {
    await desk.decide('spam', [1]);
    await desk.decide('ham', [2, 3], { as: 'ben moderator' });
    await undo(1);
    const list = async (query: string) =>
      (await desk.get(`/api/v1/decisions${query}`)).body.items.map(
        ({ id, items, undoes, undone_by }: Record<string, unknown>) => [id, items, undoes, undone_by],
      );
    expect(await list('')).toEqual([
      [3, [1], 1, null],
      [2, [2, 3], null, null],
      [1, [1], null, 3],
    ]);
    expect(await list('?by=me')).toEqual([
      [3, [1], 1, null],
      [1, [1], null, 3],
    ]);
    expect(await list('?by=ben')).toEqual([[2, [2, 3], null, null]]);
    const { body } = await desk.get('/api/v1/decisions?limit=2');
    expect(await list(`?limit=2&after=${body.next}`)).toEqual([[1, [1], null, 3]]);
    expect((await desk.get('/api/v1/decisions?after=x')).body.errors[0].parameter).toBe('after');
  });

  test('GET /api/v1/activity is for leads, and has an entry for each decision', async () => {
    await desk.decide('spam', [1]);
    await undo(1);
    expect(problem(await desk.get('/api/v1/activity'))).toEqual([403, 'forbidden']);
    const { body } = await desk.get('/api/v1/activity?who=anna', 'lea lead');
    expect(body.items).toMatchObject([
      { who: 'anna', what: 'undo', after: { undoes: 1 } },
      { who: 'anna', what: 'decision', before: [null], after: { decision: 1, label: 'spam', items: [1] } },
    ]);
    expect((await desk.get('/api/v1/activity?who=ben', 'lea lead')).body).toEqual({ items: [], next: null });
  });
});
