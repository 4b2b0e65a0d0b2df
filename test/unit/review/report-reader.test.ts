import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/core/batch.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { CommittableOffset } from '../../../src/core/topic-partition.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { MessageSource } from '../../../src/ports/message-source.ts';
import type { ReportedMessage } from '../../../src/review/report-desk.ts';
import { ReportReader } from '../../../src/review/report-reader.ts';

const report = (id: string, rest: object = {}) =>
  JSON.stringify({ community: 'forum', message_id: id, message: `text of ${id}`, reporter: 'r1', ...rest });

function batch(from: number, ...values: readonly (string | Uint8Array)[]): Batch {
  return {
    ...{ topic: 'reports', partition: 2, epoch: 7, nextOffset: from + values.length },
    messages: values.map((value, at) => ({
      ...{ offset: from + at, nextOffset: from + at + 1, receivedElapsed: 0 },
      bytes: typeof value === 'string' ? new TextEncoder().encode(value) : value,
    })),
  };
}

/** A topic that has these batches, and a desk; what `store` throws, a report of it throws. */
function harness(batches: readonly Batch[], store: (message: ReportedMessage) => void = () => {}) {
  const stored: ReportedMessage[] = [];
  const steps: string[] = [];
  const commits: CommittableOffset[] = [];
  const warnings: unknown[] = [];
  let opens = 0;
  let next = 0;
  let drained = () => {};
  const done = new Promise<void>((resolve) => {
    drained = resolve;
  });
  const source: MessageSource = {
    open: async () => {},
    pull: (signal) => {
      const found = batches[next++];
      if (found !== undefined) return Promise.resolve(found);
      drained();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    },
    commit: async (offsets) => {
      steps.push('commit');
      commits.push(...offsets);
    },
    lag: async () => [],
    close: async () => void steps.push('close'),
  };
  const log: Log = {
    ...{ debug() {}, info() {}, error() {}, child: () => log },
    warn: (fields, text) => void warnings.push([fields, text]),
  };
  const reader = new ReportReader({
    open: async () => {
      if (opens++ === 0)
        throw new SluiceError('SOURCE_FAILED', 'the broker does not answer', { retriable: true });
      return source;
    },
    desk: {
      report: async (message) => {
        store(message);
        steps.push(`store ${message.message_id}`);
        stored.push(message);
        return { state: 'open', review_id: 1, counted: true };
      },
    },
    clock: {
      sleep: async () => {
        steps.push('wait');
        // Lets timers run, as a real sleep does.
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    log,
  });
  return { reader, stored, steps, commits, warnings, done };
}

describe('the topic of reports', () => {
  it('the topic of reports is read again until the broker answers, and each report is stored before its offset is committed', async () => {
    const h = harness([
      batch(5, report('a'), report('b', { message_id: 17, sender: 's' })),
      batch(7, report('c')),
    ]);
    h.reader.start();
    await h.done;
    await h.reader.stop();
    expect(h.steps).toEqual(['wait', 'store a', 'store 17', 'commit', 'store c', 'commit', 'close']);
    expect(h.commits.map(({ partition, epoch, nextOffset }) => [partition, epoch, nextOffset])).toEqual([
      [2, 7, 7],
      [2, 7, 8],
    ]);
    expect(h.stored[1]).toEqual({
      ...{ community: 'forum', message_id: '17', message: 'text of b', reporter: 'r1', sender: 's' },
      scored: { probability: null, reasons: [], model: '' },
    });
  });

  it('what is no report is skipped, and so is a person who reports too much; neither text nor name is logged', async () => {
    const limited = (message: ReportedMessage) => {
      if (message.message_id === 'many')
        throw new SluiceError('REPORTS_LIMITED', 'the same person may report 60 messages an hour', {
          retriable: true,
        });
    };
    const bad = [
      '{',
      '[]',
      report('x', { message: '' }),
      report('y', { reporter: undefined }),
      new Uint8Array([0xff, 0xfe]),
    ];
    const h = harness([batch(0, ...bad, report('many', { reporter: 'secret' }), report('good'))], limited);
    h.reader.start();
    await h.done;
    await h.reader.stop();
    expect(h.stored.map(({ message_id }) => message_id)).toEqual(['good']);
    expect(h.commits).toHaveLength(1);
    expect(h.warnings).toHaveLength(1 + bad.length + 1);
    expect(JSON.stringify(h.warnings)).not.toMatch(/secret|text of/);
  });

  it('while the database does not answer a report waits, and nothing behind it is committed', async () => {
    let failures = 3;
    const h = harness([batch(0, report('a'))], () => {
      if (failures-- > 0) throw new SluiceError('STORE_FAILED', 'away', { retriable: true });
    });
    h.reader.start();
    await h.done;
    await h.reader.stop();
    expect(h.steps).toEqual(['wait', 'wait', 'wait', 'wait', 'store a', 'commit', 'close']);
  });

  it('a stop while the database does not answer commits nothing', async () => {
    const h = harness([batch(0, report('a'))], () => {
      setImmediate(() => void h.reader.stop());
      throw new SluiceError('STORE_FAILED', 'away', { retriable: true });
    });
    h.reader.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await h.reader.stop();
    expect(h.commits).toEqual([]);
    expect(h.steps.at(-1)).toBe('close');
  });
});
