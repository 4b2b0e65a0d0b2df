import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import type { ApiServerOptions } from '../../../src/http/api-server.ts';
import { accessRows } from '../../../src/http/route-access.ts';
import type { LabelView } from '../../../src/ports/label-desk.ts';
import { type Answered, reviewApi } from './review-fixture.ts';

const view: LabelView = {
  ...{ phase: 'asking', rowsRead: 900, texts: 700, labeledRows: null, given: 2, answers: 31 },
  question: {
    ...{ row: 7, message: 'Win a prize', community: 'forum', source: 'reported', reason: 'uncertain' },
    ...{ probability: 0.5, rows: 3, labeled: { spam: 1, ham: 0 } },
  },
  ...{ quality: { mcc: 0.8, low: 0.6, high: 0.9 }, isSettled: true, usesModel: true },
};
const shown = {
  ...{ phase: 'asking', rows_read: 900, texts: 700, labeled_rows: null, undoable: 2, answers: 31 },
  ...{ question: view.question, quality: view.quality, settled: true, uses_model: true },
};

let asked: unknown[][];
let desk: Awaited<ReturnType<typeof reviewApi>>;
const labels: ApiServerOptions['labels'] = {
  next: async (...given) => {
    asked.push(['next', ...given]);
    return view;
  },
  answer: async (...given) => {
    asked.push(['answer', ...given]);
    if (given[1].row === 8) throw new SluiceError('LEASE_EXPIRED', 'the message was given to the others');
    return { ...view, labeledRows: 3 };
  },
  undo: async (...given) => {
    asked.push(['undo', ...given]);
    throw new SluiceError('UNDO_REFUSED', 'there is no answer to take back here');
  },
  leave: async (...given) => {
    asked.push(['leave', ...given]);
  },
};
beforeEach(async () => {
  asked = [];
  desk = await reviewApi({ labels });
});
afterEach(() => desk.dispose());

const lea = { name: 'lea', role: 'lead' };
const problem = ({ status, body }: Answered) => [status, body.type.replace('urn:sluice:problem:', '')];
const post = (path: string, body?: object, as: 'lea lead' | 'anna moderator' = 'lea lead') =>
  desk.ask({
    ...{ method: 'POST', url: `/api/v1/training/next${path}`, as },
    ...(body === undefined ? {} : { body }),
  });

describe('/api/v1/training/next', () => {
  test('POST /api/v1/training/next shows the message, and what is known of the model, with a body and without one', async () => {
    const { status, body } = await post('');
    expect([status, body]).toEqual([200, shown]);
    expect((await post('', { again: true })).body).toEqual(shown);
    expect(asked).toEqual([
      ['next', lea, { again: false }],
      ['next', lea, { again: true }],
    ]);
  });

  test('POST /api/v1/training/next/answers labels the message, and refuses what is no answer and what is somebody else’s', async () => {
    expect((await post('/answers', { row: 7, answer: 'skip' })).body).toEqual({ ...shown, labeled_rows: 3 });
    expect(problem(await post('/answers', { row: 8, answer: 'ham' }))).toEqual([410, 'lease-expired']);
    for (const body of [{ row: 7, answer: 'unsure' }, { row: 0, answer: 'ham' }, { answer: 'ham' }, {}])
      expect(problem(await post('/answers', body))).toEqual([400, 'invalid-fields']);
    expect(asked).toHaveLength(2);
  });

  test('POST /api/v1/training/next/undo answers 409 where there is nothing to take back, and DELETE gives the message back', async () => {
    expect(problem(await post('/undo'))).toEqual([409, 'undo-refused']);
    const left = await desk.ask({ method: 'DELETE', url: '/api/v1/training/next', as: 'lea lead' });
    expect(left.status).toBe(204);
    expect(asked).toEqual([
      ['undo', lea],
      ['leave', lea],
    ]);
  });

  test('all routes of /api/v1/training/next are for leads, as relabeling is', async () => {
    const routes = accessRows().filter(({ path }) => path.startsWith('/api/v1/training/next'));
    expect(routes).toHaveLength(4);
    for (const { role, scopes, open } of routes)
      expect([role, scopes, open]).toEqual(['lead', undefined, undefined]);
    expect(problem(await post('', {}, 'anna moderator'))).toEqual([403, 'forbidden']);
    expect(problem(await desk.ask({ method: 'POST', url: '/api/v1/training/next' }))).toEqual([
      ...[401, 'unauthorized'],
    ]);
    expect(asked).toEqual([]);
  });
});
