import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  added,
  type DecisionQueue,
  dismissed,
  emptyQueue,
  failureOf,
  pauseSeconds,
  refuse,
  restoredQueue,
  takenBack,
  timeOfNext,
  tried,
  type WaitingDecision,
  waitingRows,
} from '../../../src/console/logic/decision-queue.ts';

const decision = (key: string, row: number, at = row): WaitingDecision => ({
  ...{ kind: 'decide', key, at, tried: false, about: 'words', overrule: false, label: 'spam' },
  items: [{ review_id: row }],
});
const undo = (key: string) => ({ key, at: 99, about: 'words' });
const queueOf = (...entries: WaitingDecision[]) => entries.reduce(added, emptyQueue);

describe('the queue of decisions on their way to the server', () => {
  it('forgets a decision that is taken back before a request was begun', () => {
    expect(takenBack(queueOf(decision('a', 1)), 'a', undo('u')).waiting).toEqual([]);
  });

  it('sends an undo after a decision whose answer may have been lost, and with its id once that is known', () => {
    const queue = takenBack(tried(queueOf(decision('a', 1)), 'a'), 'a', undo('u'));
    expect(queue.waiting.map(({ key }) => key)).toEqual(['a', 'u']);
    expect(accepted(queue, 'a', 17).waiting).toMatchObject([{ kind: 'undo', key: 'u', of: 17 }]);
  });

  it('drops the undo of a decision that the server refuses, and reports neither', () => {
    const queue = takenBack(tried(queueOf(decision('a', 1)), 'a'), 'a', undo('u'));
    expect(refuse(queue, 'a', { problem: 'stale', detail: '' })).toEqual(emptyQueue);
  });

  it('keeps what was refused until it is dismissed', () => {
    const queue = refuse(queueOf(decision('a', 1)), 'a', { problem: 'stale', detail: 'changed' });
    expect(queue.refused).toMatchObject([{ problem: 'stale', entry: { key: 'a' } }]);
    expect(dismissed(queue, 'a')).toEqual(emptyQueue);
  });

  it('hides the rows of waiting decisions, but for those that are taken back', () => {
    const queue = tried(queueOf(decision('a', 1), decision('b', 2)), 'a');
    expect(waitingRows(queue)).toEqual(new Set([1, 2]));
    expect(waitingRows(takenBack(queue, 'a', undo('u')))).toEqual(new Set([2]));
  });

  it('is restored in the order in which it was made, whatever the clock does', () => {
    const first = queueOf(decision('a', 1, 1000));
    const second = added(first, decision('b', 2, timeOfNext(first, 10)));
    expect(second.waiting.map(({ at }) => at)).toEqual([1000, 1001]);
    expect(restoredQueue([...second.waiting].reverse())).toEqual(second);
  });

  it('a conflict is refused for good, a lost connection or an overload is tried again, a lost session waits for a log-in', () => {
    for (const status of [400, 404, 409, 410, 412, 422]) expect(failureOf(status, 'any')).toBe('refused');
    for (const status of [0, 408, 429, 500, 503]) expect(failureOf(status, 'any')).toBe('again');
    expect(failureOf(401, 'unauthorized')).toBe('log-in');
    expect(failureOf(403, 'forbidden')).toBe('refused');
    expect(failureOf(403, 'foreign-origin')).toBe('refresh');
    expect([1, 2, 3, 9].map((attempt) => pauseSeconds(attempt))).toEqual([1, 2, 4, 30]);
    expect(pauseSeconds(1, 7)).toBe(7);
  });

  it('makes each decision once and none that was taken back, whatever answers are lost and whenever the page is reloaded', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('decide' as const) }),
      fc.record({ do: fc.constant('undo' as const) }),
      fc.record({
        do: fc.constant('send' as const),
        answer: fc.constantFrom('arrives', 'lost', 'no-request'),
      }),
      fc.record({ do: fc.constant('reload' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const server = new FakeServer();
        const wanted = new Map<number, boolean>();
        let queue = emptyQueue;
        let made: { row: number; of: string | number }[] = [];
        let number = 0;
        const send = (answer: 'arrives' | 'lost' | 'no-request') => {
          const entry = queue.waiting[0];
          if (entry === undefined) return;
          queue = tried(queue, entry.key);
          if (answer === 'no-request') return;
          const id = server.take(entry.key, entry.kind === 'undo' ? entry.of : undefined, rowOf(entry));
          if (answer === 'lost') return;
          queue = accepted(queue, entry.key, id);
          made = made.map((each) => (each.of === entry.key ? { ...each, of: id } : each));
        };
        for (const each of steps) {
          number++;
          if (each.do === 'decide') {
            queue = added(queue, decision(`d${number}`, number));
            wanted.set(number, true);
            made.push({ row: number, of: `d${number}` });
          } else if (each.do === 'undo') {
            const last = made.pop();
            if (last === undefined) continue;
            wanted.set(last.row, false);
            const entry = { key: `u${number}`, at: timeOfNext(queue, number), about: '' };
            queue =
              typeof last.of === 'string'
                ? takenBack(queue, last.of, entry)
                : added(queue, { ...entry, kind: 'undo', of: last.of, tried: false });
          } else if (each.do === 'send') send(each.answer as 'arrives');
          else queue = restoredQueue(JSON.parse(JSON.stringify(queue.waiting)) as DecisionQueue['waiting']);
        }
        while (queue.waiting.length > 0) send('arrives');
        for (const [row, isDecided] of wanted) expect(server.decided.has(row)).toBe(isDecided);
        expect(server.twice).toBe(0);
      }),
    );
  });
});

function rowOf(entry: DecisionQueue['waiting'][number]): number {
  return entry.kind === 'decide' ? entry.items[0]!.review_id : 0;
}

class FakeServer {
  readonly decided = new Set<number>();
  twice = 0;
  readonly #ids = new Map<string, number>();
  readonly #rows: number[] = [0];

  take(key: string, undoes: string | number | undefined, row: number): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (undoes === undefined) {
      if (this.decided.has(row)) this.twice++;
      this.decided.add(row);
    } else this.decided.delete(this.#rows[undoes as number]!);
    const id = this.#rows.push(row) - 1;
    this.#ids.set(key, id);
    return id;
  }
}
