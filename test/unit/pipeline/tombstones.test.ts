import { describe, expect, it } from 'vitest';
import { PartitionBuffer } from '../../../src/adapters/kafka/partition-buffer.ts';
import type { Batch } from '../../../src/core/batch.ts';
import { ByteBudget } from '../../../src/core/byte-budget.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import {
  batchOf,
  ListSource,
  RecordingLog,
  RecordingSinks,
  recordingTelemetry,
  TextScorer,
  TurnClock,
} from './fakes.ts';

async function runThrough(batches: readonly Batch[]) {
  const source = new ListSource(batches);
  const sinks = new RecordingSinks();
  const scorer = new TextScorer();
  const { telemetry, calls } = recordingTelemetry();
  const budget = new ByteBudget(1_000_000);
  const pipeline = new Pipeline({
    source,
    scorer,
    ...sinks,
    telemetry,
    log: new RecordingLog(),
    clock: new TurnClock(),
    budget,
    options: {
      mode: 'enforce',
      maxInFlight: 3,
      commitIntervalSeconds: 1,
      maxCommitFailureSeconds: 60,
      abandonSeconds: 1,
    },
  });
  await pipeline.start();
  await pipeline.run();
  expect(budget.used).toBe(0);
  return { source, sinks, scorer, calls };
}

/** A batch in which each empty text is a tombstone. */
function batchWithTombstones(texts: readonly string[], start = 0): Batch {
  const batch = batchOf(texts, { start });
  return {
    ...batch,
    messages: batch.messages.map((message, i) =>
      texts[i] === '' ? { ...message, tombstone: true as const } : message,
    ),
  };
}

describe('a tombstone', () => {
  it('a tombstone has no outcome, is counted, and its offset is committed, and its neighbors keep their positions', async () => {
    const { source, sinks, scorer, calls } = await runThrough([
      batchWithTombstones(['', 'spam-1', '', 'broken-3', ''], 10),
    ]);
    expect(scorer.asked).toEqual([['spam-1', 'broken-3']]);
    expect(sinks.letters.map(({ position }) => position.offset)).toEqual([13]);
    expect(sinks.traced.map(({ position, outcome }) => [position.offset, outcome])).toEqual([
      [11, 'spam'],
      [13, 'dead-letter'],
    ]);
    expect(source.committed()).toBe(15);
    expect(calls).toContainEqual(['tombstonesSkipped', 3]);
    expect(calls).toContainEqual(['batchPulled', { messages: 2, inFlight: 1 }]);
  });

  it('a tombstone is skipped even if a batch has nothing else', async () => {
    const { source, sinks, scorer } = await runThrough([
      batchWithTombstones(['', ''], 0),
      batchWithTombstones(['spam-2'], 2),
      batchWithTombstones([''], 3),
    ]);
    expect(scorer.asked).toEqual([['spam-2']]);
    expect(sinks.traced).toHaveLength(1);
    expect(source.committed()).toBe(4);
  });

  it('a Kafka record is a tombstone only if it has no value, not if its value is empty', () => {
    const buffer = new PartitionBuffer('chat', 0, 1);
    const record = (offset: string, value: Buffer | null) => ({
      offset,
      value,
      key: Buffer.from('k'),
      timestamp: '5',
      attributes: 0,
      headers: {},
      objects: 1,
      epoch: 1,
      isEnd: false,
    });
    const messages = [record('0', null), record('1', Buffer.from('')), record('2', Buffer.from('x'))];
    buffer.take(messages, 3, 0);
    const given = buffer.give({ maxMessages: 9, maxAgeSeconds: 0, maxBatchBytes: 1000 });
    expect(given.messages.map(({ tombstone }) => tombstone)).toEqual([true, undefined, undefined]);
  });
});
