import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConsoleScorer } from '../../../../src/app/console/console-scorer.ts';
import { LazyVerdictSink } from '../../../../src/app/console/lazy-verdict-sink.ts';
import { StoreWatch } from '../../../../src/app/console/store-watch.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { LocalModel } from '../../../../src/ports/model-store.ts';
import type { VerdictSink } from '../../../../src/ports/verdict-sink.ts';
import { FakeScorer } from '../../http/fakes.ts';

describe('LazyVerdictSink', () => {
  it('LazyVerdictSink opens its sink with the first verdicts, and again after it could not be opened', async () => {
    let opens = 0;
    const calls: string[] = [];
    const sink: VerdictSink = {
      publish: async () => {
        calls.push('publish');
        return [];
      },
      flush: async () => void calls.push('flush'),
      close: async () => void calls.push('close'),
    };
    const lazy = new LazyVerdictSink(async () => {
      if (++opens === 1) throw new SluiceError('SINK_FAILED', 'no broker', { retriable: true });
      return sink;
    });
    await lazy.flush();
    expect(opens).toBe(0);
    await expect(lazy.publish([])).rejects.toMatchObject({ code: 'SINK_FAILED' });
    await lazy.publish([]);
    await lazy.publish([]);
    await lazy.flush();
    await lazy.close();
    expect([opens, calls]).toEqual([2, ['publish', 'publish', 'flush', 'close']]);
  });
});

describe('ConsoleScorer', () => {
  it('ConsoleScorer starts its threads with the first message, and scores by the model that is active then', async () => {
    let model: LocalModel | null = null;
    const installed: string[] = [];
    let opens = 0;
    const fake = new FakeScorer();
    const scorer = new ConsoleScorer({
      model: () => model,
      open: () => {
        opens++;
        return {
          install: async ({ version }) => void installed.push(version),
          score: (batch) => fake.score(batch),
          close: async () => {},
        };
      },
    });
    const bytes = [Buffer.from('{"message":"spam","message_id":"1"}')];
    await expect(scorer.score(bytes)).rejects.toMatchObject({ code: 'SCORER_UNAVAILABLE', retriable: true });
    expect(opens).toBe(0);
    model = { version: 'v1', path: '/v1', sha256: 'a' };
    const scored = scorer.score(bytes);
    // They are the caller's again.
    bytes[0]!.fill(0);
    expect((await scored).scored).toMatchObject([{ verdict: 'spam' }]);
    model = { version: 'v2', path: '/v2', sha256: 'b' };
    await scorer.score([]);
    expect([opens, installed]).toEqual([1, ['v1', 'v2']]);
    await scorer.close();
  });
});

describe('StoreWatch', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('StoreWatch says why nobody can decide, until the database answers again', async () => {
    vi.useFakeTimers();
    let isAway = true;
    const measured: number[] = [];
    const watch = new StoreWatch(
      {
        outboxDepth: async () => {
          if (isAway) throw new SluiceError('STORE_FAILED', 'no answer', { retriable: true });
          return { rows: 3, oldestSeconds: 1 };
        },
      },
      { outboxMeasured: ({ rows }) => void measured.push(rows) },
    );
    expect(watch.trouble).toContain('has not answered yet');
    watch.start();
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.trouble).toBe('the database: no answer');
    isAway = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect([watch.trouble, measured]).toEqual([undefined, [3]]);
    await watch.stop();
  });
});
