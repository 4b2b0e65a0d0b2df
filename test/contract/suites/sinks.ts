import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import type { Refusal } from '../../../src/core/refusal.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { DeadLetterSink } from '../../../src/ports/dead-letter-sink.ts';
import type { RefusedRecord, RefusedSink } from '../../../src/ports/refused-sink.ts';
import type { TraceEntry, TraceSink } from '../../../src/ports/trace-sink.ts';
import type { VerdictSink } from '../../../src/ports/verdict-sink.ts';

interface Sink<T> {
  publish(things: readonly T[]): Promise<readonly Refusal[]>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** One fresh place that a sink writes to. */
export interface SinkHarness<T> {
  open(): Promise<Sink<T>>;
  /** What a reader finds there now. */
  read(): Promise<readonly T[]>;
  /** A thing that the sink will never accept, in no form; left out where it accepts all. */
  impossible?(i: number): T;
  dispose(): Promise<void>;
}

const position = (offset: number) => ({ topic: 'chat-messages', partition: 3, offset });

export const verdictOf = (i: number): Verdict => ({
  community: 'forum',
  message_id: `m-${i}`,
  verdict: 'spam',
  probability: i % 2 ? 0.9 : null,
  probability_min: 0.8,
  probability_max: 1,
  model: '20261101T000000Z-01234567',
  decided_by: 'model',
  reasons: ['"wörd"\n', '\u2028'],
  scored_at: '2026-11-22T00:00:00.000Z',
});

export const letterOf = (i: number): DeadLetter => ({
  position: position(i),
  reason: 'invalid-utf8',
  detail: 'byte 0xff cannot stand there',
  bytes: Uint8Array.from([0x00, 0xff, 0x0a, 0x22, i % 256]),
  ...(i % 2
    ? {
        // A header may have any name, that of an object's prototype among them.
        headers: Object.fromEntries([
          ['key', Uint8Array.from([0xfe, 0x00])],
          ['__proto__', Uint8Array.from([i % 256])],
        ]),
        key: Uint8Array.from([0xff, i % 256]),
        timestamp: 1_700_000_000_000 + i,
      }
    : {}),
});

export const traceOf = (i: number): TraceEntry => ({
  position: position(i),
  community: i % 2 ? 'forum' : null,
  message_id: i % 2 ? `m-${i}` : null,
  outcome: i % 2 ? 'ham' : 'dead-letter',
  model: '20261101T000000Z-01234567',
});

function describeSink<T>(
  title: string,
  make: (i: number) => T,
  makeHarness: () => Promise<SinkHarness<T>>,
): void {
  describe(title, () => {
    let harness: SinkHarness<T>;
    const opened: Sink<T>[] = [];
    const some = (from: number, count: number) => Array.from({ length: count }, (_, i) => make(from + i));

    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      for (const sink of opened.splice(0)) await sink.close();
      await harness.dispose();
    });

    async function open(): Promise<Sink<T>> {
      const sink = await harness.open();
      opened.push(sink);
      return sink;
    }

    it(`${title} stores published records complete and in order`, async () => {
      const sink = await open();
      await sink.publish(some(0, 3));
      await sink.publish(some(3, 2));
      await sink.flush();
      expect(await harness.read()).toEqual(some(0, 5));
    });

    it(`${title} stores the records of one call together, however many calls run at once`, async () => {
      const sink = await open();
      await Promise.all(Array.from({ length: 20 }, (_, i) => sink.publish(some(100 * i, 10))));
      await sink.flush();
      const read = await harness.read();
      expect(read).toHaveLength(200);
      const expected = new Set(Array.from({ length: 20 }, (_, i) => JSON.stringify(some(100 * i, 10))));
      for (let at = 0; at < 200; at += 10)
        expect(expected.delete(JSON.stringify(read.slice(at, at + 10)))).toBe(true);
    });

    it(`${title} appends after the records of an earlier run`, async () => {
      const first = await harness.open();
      await first.publish(some(0, 2));
      await first.close();
      const again = await open();
      await again.publish(some(2, 1));
      await again.flush();
      expect(await harness.read()).toEqual(some(0, 3));
    });

    it(`${title} returns the index of each record that it will never accept, and stores the others in order, once`, async () => {
      const sink = await open();
      const impossible = harness.impossible?.bind(harness);
      const things = some(0, 9).map((thing, i) => (i % 4 === 1 && impossible ? impossible(i) : thing));
      const refusals = await sink.publish(things);
      await sink.flush();
      const refused = refusals.map(({ index }) => index);
      expect(refused).toEqual(impossible ? [1, 5] : []);
      for (const { reason } of refusals) expect(reason).toMatch(/\S/);
      expect(await harness.read()).toEqual(things.filter((_, i) => !refused.includes(i)));
      // It is not in the way of what comes later.
      expect(await sink.publish(some(9, 1))).toEqual([]);
    });

    it(`${title} accepts an empty batch`, async () => {
      const sink = await open();
      expect(await sink.publish([])).toEqual([]);
      await sink.flush();
      await sink.flush();
      expect(await harness.read()).toEqual([]);
    });
  });
}

/** What every adapter behind the port `VerdictSink` promises. */
export function describeVerdictSink(
  name: string,
  makeHarness: () => Promise<SinkHarness<Verdict> & { open(): Promise<VerdictSink> }>,
): void {
  describeSink(`${name} as a VerdictSink`, verdictOf, makeHarness);
}

/** What every adapter behind the port `DeadLetterSink` promises. */
export function describeDeadLetterSink(
  name: string,
  makeHarness: () => Promise<SinkHarness<DeadLetter> & { open(): Promise<DeadLetterSink> }>,
): void {
  describeSink(`${name} as a DeadLetterSink`, letterOf, makeHarness);
}

/** What every adapter behind the port `TraceSink` promises. */
export function describeTraceSink(
  name: string,
  makeHarness: () => Promise<SinkHarness<TraceEntry> & { open(): Promise<TraceSink> }>,
): void {
  describeSink(`${name} as a TraceSink`, traceOf, makeHarness);
}

const refusedOf = (i: number): RefusedRecord => {
  const reason = `refused ${i}`;
  const headers = { traceparent: Uint8Array.of(1, i) };
  if (i % 3 === 0) return { sink: 'verdicts', position: position(i), reason, record: verdictOf(i), headers };
  if (i % 3 === 1) return { sink: 'dead-letters', position: position(i), reason, record: letterOf(i) };
  return { sink: 'trace', position: position(i), reason, record: traceOf(i) };
};

/** What every adapter behind the port `RefusedSink` promises. */
export function describeRefusedSink(
  name: string,
  makeHarness: () => Promise<
    Omit<SinkHarness<RefusedRecord>, 'open'> & {
      open(): Promise<RefusedSink>;
      /** What `read` is compared with: what the sink keeps of a record. */
      kept(record: RefusedRecord): unknown;
    }
  >,
): void {
  describe(`${name} as a RefusedSink`, () => {
    it(`${name} as a RefusedSink stores complete records of every kind in order, over several runs`, async () => {
      const harness = await makeHarness();
      const records = Array.from({ length: 9 }, (_, i) => refusedOf(i));
      const first = await harness.open();
      await first.write(records.slice(0, 4));
      await first.write([]);
      await first.close();
      const second = await harness.open();
      await second.write(records.slice(4));
      await second.flush();
      expect(await harness.read()).toEqual(records.map((record) => harness.kept(record)));
      await second.close();
      await harness.dispose();
    });
  });
}
