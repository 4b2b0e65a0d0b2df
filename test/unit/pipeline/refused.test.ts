import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/core/batch.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Unfinished } from '../../../src/core/refusal.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
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

const texts = ['spam-0', 'ham-1', 'spam-2', 'broken-3', 'spam-4', 'kill-5'];

/** Each message has a key, a time and headers of its own. */
function batchWithMetadata(): Batch {
  const batch = batchOf(texts, { topic: 'chat', partition: 2, start: 100 });
  return {
    ...batch,
    messages: batch.messages.map((message, i) => ({
      ...message,
      key: Uint8Array.of(i),
      timestamp: 1_700_000_000_000 + i,
      headers: { traceparent: Uint8Array.of(200 + i) },
    })),
  };
}

const result: BatchResult = {
  parts: [{ ...scoredOf(texts.slice(0, 5), true), messages: 5, seconds: 0 }],
  poisoned: [5],
};

function routerOf(sinks: RecordingSinks) {
  const { telemetry, calls } = recordingTelemetry();
  const log = new RecordingLog();
  const retry = {
    clock: new TurnClock(),
    log,
    giveUp: new AbortController().signal,
    onRetry: () => telemetry.batchRetried('route'),
  };
  return { router: new Router(sinks, 'enforce', telemetry, retry), calls, log };
}

const unfinished = (progress: Unfinished) =>
  new SluiceError('SINK_FAILED', 'unavailable', { retriable: true, unfinished: progress });

describe('what a message came with', () => {
  it('a dead letter has the key, time and headers of its message', () => {
    const { letters } = outcomesOf(batchWithMetadata(), result, {
      mode: 'enforce',
      traced: false,
      now: 0,
    });
    expect(letters.map(({ key, timestamp, headers }) => ({ key, timestamp, headers }))).toEqual(
      [3, 5].map((i) => ({
        key: Uint8Array.of(i),
        timestamp: 1_700_000_000_000 + i,
        headers: { traceparent: Uint8Array.of(200 + i) },
      })),
    );
  });

  it('a verdict has the key, time and headers of its own message and no other, even if a part of the verdicts is published again', async () => {
    const sinks = new RecordingSinks();
    const sent: [string, number][] = [];
    let attempts = 0;
    const publish = sinks.verdicts.publish;
    Object.assign(sinks.verdicts, {
      publish: async (verdicts: readonly Verdict[], headers: Parameters<typeof publish>[1] = []) => {
        sent.push(
          ...verdicts.map(({ message_id }, i): [string, number] => [
            message_id,
            (headers[i]!.traceparent as Uint8Array)[0]!,
          ]),
        );
        if (++attempts === 1) throw unfinished({ refusals: [], open: [1, 2] });
        if (attempts === 2) throw unfinished({ refusals: [], open: [1] });
        return [];
      },
    });
    await routerOf(sinks).router.route(batchWithMetadata(), result);
    expect(sent).toEqual([
      ['spam-0', 200],
      ['spam-2', 202],
      ['spam-4', 204],
      ['spam-2', 202],
      ['spam-4', 204],
      ['spam-4', 204],
    ]);
  });
});

describe('a record that a sink refuses for good', () => {
  it('a record that a sink refuses permanently is stored with its position and reason, counted, and logged without its text', async () => {
    const sinks = new RecordingSinks();
    sinks.refuse = (name) => {
      if (name === 'verdicts') return [{ index: 1, reason: 'too large' }];
      if (name === 'deadLetters') return [{ index: 0, reason: 'too large, too' }];
      return [{ index: 3, reason: 'no key' }];
    };
    const { router, calls, log } = routerOf(sinks);
    await router.route(batchWithMetadata(), result);
    const at = (offset: number) => ({ topic: 'chat', partition: 2, offset });
    // Verdicts and dead letters are published at the same time.
    expect([...sinks.keptRefused].sort((a, b) => a.position.offset - b.position.offset)).toEqual([
      {
        sink: 'verdicts',
        position: at(102),
        reason: 'too large',
        record: expect.objectContaining({ message_id: 'spam-2', verdict: 'spam' }),
        headers: { traceparent: Uint8Array.of(202) },
      },
      {
        sink: 'dead-letters',
        position: at(103),
        reason: 'too large, too',
        record: expect.objectContaining({
          bytes: Uint8Array.from(Buffer.from('broken-3')),
          key: Uint8Array.of(3),
        }),
      },
      {
        sink: 'trace',
        position: at(104),
        reason: 'no key',
        record: expect.objectContaining({ message_id: 'spam-4', outcome: 'spam' }),
      },
    ]);
    expect(sinks.published.map(({ message_id }) => message_id)).toEqual(['spam-0', 'spam-4']);
    for (const sink of ['verdicts', 'dead-letters', 'trace'])
      expect(calls).toContainEqual(['recordsRefused', [sink, 1]]);
    const errors = log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields);
    expect(errors.sort((a, b) => Number(a.offset) - Number(b.offset))).toEqual([
      { sink: 'verdicts', records: 1, ...at(102), reason: 'too large' },
      { sink: 'dead-letters', records: 1, ...at(103), reason: 'too large, too' },
      { sink: 'trace', records: 1, ...at(104), reason: 'no key' },
    ]);
  });

  it('a record that a sink refuses permanently is stored without headers if its message has none', async () => {
    const sinks = new RecordingSinks();
    sinks.refuse = (name) => (name === 'verdicts' ? [{ index: 0, reason: 'too large' }] : []);
    await routerOf(sinks).router.route(batchOf(texts), result);
    expect(Object.keys(sinks.keptRefused[0]!)).toEqual(['sink', 'position', 'reason', 'record']);
  });

  it('a record that a sink refuses permanently is stored once, with its own position, even if the call that refused it failed', async () => {
    const sinks = new RecordingSinks();
    let attempts = 0;
    Object.assign(sinks.deadLetters, {
      publish: async (letters: readonly DeadLetter[]) => {
        sinks.letters.push(...letters);
        if (++attempts > 1) return [{ index: 0, reason: 'second' }];
        throw unfinished({ refusals: [{ index: 0, reason: 'first' }], open: [1] });
      },
    });
    await routerOf(sinks).router.route(batchWithMetadata(), result);
    expect(sinks.keptRefused.map(({ position, reason }) => [position.offset, reason])).toEqual([
      [103, 'first'],
      [105, 'second'],
    ]);
    expect(sinks.letters.map(({ position }) => position.offset)).toEqual([103, 105, 105]);
  });

  it('a record that a sink refuses permanently is retried until the file of refused records accepts it, and its message has no outcome before that', async () => {
    const sinks = new RecordingSinks();
    sinks.refuse = (name) => (name === 'verdicts' ? [{ index: 0, reason: 'too large' }] : []);
    let failures = 3;
    sinks.fail = (what) => {
      if (what === 'write refused' && failures-- > 0) throw retriable();
    };
    const { router, log } = routerOf(sinks);
    await router.route(batchWithMetadata(), result);
    expect(sinks.keptRefused).toHaveLength(1);
    expect(log.lines[0]!.fields).toMatchObject({ what: 'write refused records' });
    expect(sinks.log.filter((what) => what === 'publish verdicts')).toHaveLength(1);
    expect(sinks.log.filter((what) => what === 'write refused')).toHaveLength(4);
    // The trace says what has happened.
    expect(sinks.log.at(-1)).toBe('publish trace');
  });

  it('a record that a sink refuses permanently is durable before offsets are committed, because a flush includes the file of refused records', async () => {
    const sinks = new RecordingSinks();
    const { router } = routerOf(sinks);
    await router.flush();
    expect(sinks.log).toEqual(['flush verdicts', 'flush deadLetters', 'flush trace', 'flush refused']);
    sinks.fail = (what) => {
      if (what === 'flush refused') throw retriable();
    };
    await expect(router.flush()).rejects.toMatchObject({ code: 'SINK_FAILED' });
  });
});

describe('a call that published a part', () => {
  it('a call that published a part is repeated for the rest only, or completely if the sink does not report the rest', async () => {
    for (const [thrown, expected] of [
      [unfinished({ refusals: [], open: [2] }), ['spam-0', 'spam-2', 'spam-4', 'spam-4']],
      [retriable(), ['spam-0', 'spam-2', 'spam-4', 'spam-0', 'spam-2', 'spam-4']],
    ] as const) {
      const sinks = new RecordingSinks();
      const sent: string[] = [];
      Object.assign(sinks.verdicts, {
        publish: async (verdicts: readonly Verdict[]) => {
          const isFirst = sent.length === 0;
          sent.push(...verdicts.map(({ message_id }) => message_id));
          if (isFirst) throw thrown;
          return [];
        },
      });
      await routerOf(sinks).router.route(batchWithMetadata(), result);
      expect(sent).toEqual(expected);
    }
  });
});
