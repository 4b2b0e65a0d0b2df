import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asksAgainAfter, effectOf, isLabelNext, nearLabels } from '../../../src/console/logic/label-next.ts';
import { type Api, ApiProblem } from '../../../src/console/state/api.ts';
import { LabelAsking } from '../../../src/console/state/label-asking.ts';
import type { LabelNextAnswer } from '../../../src/http/label-next-schemas.ts';

const shown = (row: number, changes: Partial<LabelNextAnswer> = {}): LabelNextAnswer => ({
  ...{ phase: 'asking', rows_read: 9, texts: 9, labeled_rows: null, undoable: 0, answers: 0 },
  ...{ quality: null, settled: false, uses_model: false },
  question: {
    ...{ row, message: `message ${row}`, community: '', source: 'reported', reason: 'new-kind' },
    ...{ probability: 0.5, rows: 1, labeled: { spam: 0, ham: 0 } },
  },
  ...changes,
});

/** Answers with what is next in the list; an error is thrown. */
function stub(answers: (LabelNextAnswer | ApiProblem)[]) {
  const calls: [string, string, unknown][] = [];
  const api = {
    call: async (path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}) => {
      calls.push([method, path.replace('/api/v1/training/next', ''), body]);
      const answer = answers.shift() ?? shown(99);
      if (answer instanceof ApiProblem) throw answer;
      return answer;
    },
    session: async () => undefined,
  } as unknown as Api;
  return { asking: new LabelAsking(api), calls };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what the page says of an answer', () => {
  it('is the label with its rows, or that nothing was labeled', () => {
    expect(effectOf('spam', 12)).toEqual({ kind: 'spam', count: 12 });
    expect(effectOf('ham', 0)).toEqual({ kind: 'taken', count: 0 });
    expect(effectOf('skip', 0)).toEqual({ kind: 'skipped', count: 1 });
  });

  it('warns where near-duplicates have both labels', () => {
    expect(nearLabels({ spam: 1, ham: 2 })).toBe('both');
    expect(nearLabels({ spam: 0, ham: 2 })).toBe('ham');
    expect(nearLabels({ spam: 3, ham: 0 })).toBe('spam');
    expect(nearLabels({ spam: 0, ham: 0 })).toBeUndefined();
  });

  it('is asked again soon while the table is read, in time to hold a message, and never where nothing is left', () => {
    expect(asksAgainAfter({ phase: 'loading' })).toBe(1);
    expect(asksAgainAfter({ phase: 'asking' })).toBeLessThan(30);
    expect(asksAgainAfter({ phase: 'finished' })).toBeUndefined();
  });

  it('is a view of its own in the address of the page', () => {
    expect(isLabelNext('?view=next')).toBe(true);
    expect(isLabelNext('?view=table')).toBe(false);
    expect(isLabelNext('')).toBe(false);
  });
});

describe('asking which message to label', () => {
  it('waits for the table, holds the message, and gives it back at the end', async () => {
    const { asking, calls } = stub([shown(0, { phase: 'loading', question: null }), shown(1), shown(1)]);
    asking.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(asking.view.value?.phase).toBe('loading');
    await vi.advanceTimersByTimeAsync(1000);
    expect(asking.view.value?.question?.row).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toHaveLength(3);
    asking.stop();
    expect(calls.at(-1)).toEqual(['DELETE', '', undefined]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(4);
  });

  it('an answer brings the next message, and keys that come in between are left out', async () => {
    const { asking, calls } = stub([shown(1), shown(2, { labeled_rows: 4, undoable: 1 }), shown(1)]);
    await asking.ask();
    const answering = asking.answer('spam');
    await asking.answer('ham');
    await answering;
    expect(asking.view.value?.question?.row).toBe(2);
    expect(asking.effect.value).toEqual({ kind: 'spam', count: 4, number: 1 });
    await asking.undo();
    expect(asking.effect.value).toMatchObject({ kind: 'undone', number: 2 });
    expect(calls.slice(1)).toEqual([
      ['POST', '/answers', { row: 1, answer: 'spam' }],
      ['POST', '/undo', {}],
    ]);
  });

  it('an answer that could not be sent keeps the message, so that the same key sends it again', async () => {
    const { asking, calls } = stub([shown(1), new ApiProblem(0, 'unreachable', ''), shown(2)]);
    await asking.ask();
    await asking.answer('ham');
    expect(asking.refusal.value?.kind).toBe('unreachable');
    expect(asking.view.value?.question?.row).toBe(1);
    await asking.answer('ham');
    expect(asking.refusal.value).toBeUndefined();
    expect(calls[1]).toEqual(calls[2]);
  });

  it('a message that others have by now is replaced by another one', async () => {
    const { asking } = stub([shown(1), new ApiProblem(410, 'lease-expired', 'gone'), shown(3)]);
    await asking.ask();
    await asking.answer('ham');
    expect(asking.view.value?.question?.row).toBe(3);
    expect(asking.refusal.value?.kind).toBe('lease-expired');
  });

  it('a message that cannot be held is shown further, and one that cannot be loaded is a failure that ends', async () => {
    const away = new ApiProblem(503, 'unavailable', 'Try again shortly.');
    const { asking } = stub([away, shown(1), away, shown(1)]);
    asking.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(asking.failure.value?.status).toBe(503);
    await asking.ask();
    expect(asking.failure.value).toBeUndefined();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([asking.failure.value, asking.view.value?.question?.row]).toEqual([undefined, 1]);
    asking.stop();
  });
});
