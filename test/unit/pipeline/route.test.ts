import { describe, expect, it } from 'vitest';
import { verdictSchema } from '../../../src/core/verdict.ts';
import type { BatchResult } from '../../../src/pipeline/dispatch.ts';
import { outcomesOf } from '../../../src/pipeline/outcomes.ts';
import { Router } from '../../../src/pipeline/route.ts';
import {
  batchOf,
  RecordingLog,
  RecordingSinks,
  recordingTelemetry,
  retriable,
  scoredOf,
  TurnClock,
} from './fakes.ts';

const texts = ['ham-0', 'spam-1', 'review-2', 'unscorable-3', 'broken-4', 'kill-5'];
const batch = batchOf(texts, { topic: 'inbox.jsonl', start: 100 });

function resultOf(every: boolean): BatchResult {
  return { parts: [{ ...scoredOf(texts.slice(0, 5), every), messages: 5, seconds: 0 }], poisoned: [5] };
}

function routerOf(
  sinks: RecordingSinks,
  options: { mode?: 'enforce' | 'observe'; traced?: boolean; giveUp?: AbortSignal } = {},
) {
  const { telemetry, calls } = recordingTelemetry();
  const clock = new TurnClock();
  const log = new RecordingLog();
  const retry = {
    clock,
    log,
    giveUp: options.giveUp ?? new AbortController().signal,
    onRetry: () => telemetry.batchRetried('route'),
  };
  const parts = { ...sinks, trace: options.traced ? sinks.trace : null };
  return { router: new Router(parts, options.mode ?? 'enforce', telemetry, retry), calls, clock, log };
}

describe('outcomesOf', () => {
  it('outcomesOf publishes spam, stores review rows, and drops ham', () => {
    const outcomes = outcomesOf(batch, resultOf(false), {
      mode: 'enforce',
      traced: false,
      now: 1_700_000_000_000,
    });
    expect(outcomes.verdicts).toEqual([
      {
        community: 'forum',
        message_id: 'spam-1',
        verdict: 'spam',
        probability: 0.9,
        probability_min: 0.5,
        probability_max: 0.95,
        model: 'model-1',
        decided_by: 'model',
        reasons: ['because'],
        scored_at: '2023-11-14T22:13:20.000Z',
      },
    ]);
    expect(verdictSchema.safeParse(outcomes.verdicts[0]).success).toBe(true);
    expect(
      outcomes.reviews.map(({ message_id, origin, probability, position }) => [
        message_id,
        origin,
        probability,
        position.offset,
      ]),
    ).toEqual([
      ['review-2', 'band', 0.6, 102],
      ['unscorable-3', 'unscorable', null, 103],
    ]);
    expect(outcomes.trace).toEqual([]);
  });

  it('outcomesOf stores one row of the audit sample for a drawn message, whatever its verdict, and none in mode observe', () => {
    const [part] = resultOf(true).parts;
    const audit = { inclusionProbability: 0.25, language: 'de' };
    const drawn = part!.scored.map((each) => ({ ...each, audit: { ...audit, verdict: each.verdict } }));
    const result = { parts: [{ ...part!, scored: drawn }], poisoned: [] };
    const options = { traced: true, now: 0 } as const;
    const outcomes = outcomesOf(batch, result, { ...options, mode: 'enforce' });
    expect(outcomes.reviews.map((each) => [each.message_id, each.origin, each.audit])).toEqual([
      ['ham-0', 'audit', { ...audit, verdict: 'ham' }],
      ['spam-1', 'audit', { ...audit, verdict: 'spam' }],
      ['review-2', 'audit', { ...audit, verdict: 'review' }],
      ['unscorable-3', 'audit', { ...audit, verdict: 'review' }],
    ]);
    expect(outcomes.reviews.map(({ probability }) => probability)).toEqual(
      drawn.map(({ probability, unscorable }) => (unscorable ? null : probability)),
    );
    // Everything else is as without the sample: spam is published, and each message has one outcome.
    const without = outcomesOf(batch, resultOf(true), { ...options, mode: 'enforce' });
    expect(outcomes.verdicts).toEqual(without.verdicts);
    const scoredOnly = (trace: typeof outcomes.trace) =>
      trace.filter(({ outcome }) => outcome !== 'dead-letter');
    expect(scoredOnly(outcomes.trace)).toEqual(scoredOnly(without.trace));
    expect(outcomesOf(batch, result, { ...options, mode: 'observe' }).reviews).toEqual([]);
  });

  it('outcomesOf creates dead letters with position, reason and the original bytes', () => {
    const { letters } = outcomesOf(batch, resultOf(false), { mode: 'enforce', traced: false, now: 0 });
    expect(
      letters.map(({ position, reason, bytes }) => [position, reason, Buffer.from(bytes).toString()]),
    ).toEqual([
      [{ topic: 'inbox.jsonl', partition: 0, offset: 104 }, 'not-json', 'broken-4'],
      [{ topic: 'inbox.jsonl', partition: 0, offset: 105 }, 'kills-scorer', 'kill-5'],
    ]);
  });

  it('outcomesOf gives a dead letter no key, time or headers if its message has none', () => {
    const { letters } = outcomesOf(batch, resultOf(false), { mode: 'enforce', traced: false, now: 0 });
    for (const letter of letters)
      expect(Object.keys(letter)).toEqual(['position', 'reason', 'detail', 'bytes']);
    expect(letters[1]!.detail).toContain('died twice');
  });

  it('outcomesOf gives the sender of a message to the review row, if there is one', () => {
    const { parts } = resultOf(false);
    const [first, ...others] = parts[0]!.scored.filter(({ verdict }) => verdict === 'review');
    const scored = [{ ...first!, message: { ...first!.message, sender: 'somebody' } }, ...others];
    const { reviews } = outcomesOf(
      batch,
      { parts: [{ ...parts[0]!, scored }], poisoned: [] },
      { mode: 'enforce', traced: false, now: 0 },
    );
    expect(reviews.map(({ sender }) => sender)).toEqual(['somebody', null]);
  });

  it('outcomesOf names the model of the rest of the batch in the outcome log of a poison message, and none if there is no rest', () => {
    for (const [parts, model] of [
      [resultOf(true).parts, 'model-1'],
      [[], ''],
    ] as const) {
      const options = { mode: 'enforce', traced: true, now: 0 } as const;
      const { trace } = outcomesOf(batch, { parts, poisoned: [5] }, options);
      expect(trace.at(-1)).toMatchObject({ outcome: 'dead-letter', model });
    }
  });

  it('outcomesOf writes one line of the outcome log for each message, including ham and dead letters', () => {
    const { trace } = outcomesOf(batch, resultOf(true), { mode: 'enforce', traced: true, now: 0 });
    expect(trace.map(({ position, outcome, message_id }) => [position.offset, outcome, message_id])).toEqual([
      [100, 'ham', 'ham-0'],
      [101, 'spam', 'spam-1'],
      [102, 'review', 'review-2'],
      [103, 'review', 'unscorable-3'],
      [104, 'dead-letter', null],
      [105, 'dead-letter', null],
    ]);
  });

  it('outcomesOf publishes nothing in observe mode, but writes dead letters and the outcome log', () => {
    const outcomes = outcomesOf(batch, resultOf(true), { mode: 'observe', traced: true, now: 0 });
    expect([outcomes.verdicts, outcomes.reviews]).toEqual([[], []]);
    expect([outcomes.letters.length, outcomes.trace.length]).toEqual([2, 6]);
  });
});

describe('Router', () => {
  it('Router calls an unavailable sink until it accepts, and does not call other sinks again', async () => {
    const sinks = new RecordingSinks();
    let refusals = 5;
    sinks.fail = (what) => {
      if (what === 'publish verdicts' && refusals-- > 0) throw retriable();
    };
    const { router, calls, clock, log } = routerOf(sinks, { traced: true });
    await router.route(batch, resultOf(true));
    expect([sinks.published.length, sinks.items.length, sinks.letters.length, sinks.traced.length]).toEqual([
      1, 2, 2, 6,
    ]);
    expect(calls.filter(([method]) => method === 'batchRetried')).toEqual(
      Array(5).fill(['batchRetried', 'route']),
    );
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    // Doubling: even the unluckiest fifth wait is longer than the luckiest first.
    expect(clock.sleeps).toHaveLength(5);
    expect(clock.sleeps[4]!).toBeGreaterThanOrEqual(0.8);
    expect(clock.sleeps[0]!).toBeLessThanOrEqual(0.1);
  });

  it('Router writes the outcome log only after the other sinks have accepted', async () => {
    const sinks = new RecordingSinks();
    await routerOf(sinks, { traced: true }).router.route(batch, resultOf(true));
    expect(sinks.log.at(-1)).toBe('publish trace');
  });

  it('Router lets every sink finish before it throws an error that no retry can fix', async () => {
    const sinks = new RecordingSinks();
    sinks.fail = async (what) => {
      if (what === 'publish verdicts') throw new TypeError('a bug');
      if (what === 'add reviews')
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    await expect(routerOf(sinks).router.route(batch, resultOf(false))).rejects.toThrow('a bug');
    expect(sinks.items).toHaveLength(2);
  });

  it('Router stops retrying when the pipeline gives up', async () => {
    const giveUp = new AbortController();
    const sinks = new RecordingSinks();
    let tries = 0;
    sinks.fail = (what) => {
      if (what !== 'publish verdicts') return;
      if (++tries === 3) giveUp.abort();
      throw retriable();
    };
    await expect(
      routerOf(sinks, { giveUp: giveUp.signal }).router.route(batch, resultOf(false)),
    ).rejects.toMatchObject({
      code: 'SINK_FAILED',
    });
    expect(tries).toBe(3);
  });

  it('Router calls no sink for a batch of ham', async () => {
    const sinks = new RecordingSinks();
    const ham = batchOf(['ham-0', 'ham-1']);
    await routerOf(sinks).router.route(ham, {
      parts: [{ ...scoredOf(['ham-0', 'ham-1'], false), messages: 2, seconds: 0 }],
      poisoned: [],
    });
    expect(sinks.log).toEqual([]);
  });

  it('Router reports dead letters by reason, review items and the age of the oldest and newest message, once per batch', async () => {
    const { router, calls } = routerOf(new RecordingSinks());
    await router.route(batch, resultOf(false));
    expect(calls).toEqual([
      ['reviewItemsAdded', 2],
      ['messagesDeadLettered', ['not-json', 1]],
      ['messagesDeadLettered', ['kills-scorer', 1]],
      ['batchRouted', { seconds: 0, endToEndSeconds: [0, 5] }],
    ]);
  });
});
