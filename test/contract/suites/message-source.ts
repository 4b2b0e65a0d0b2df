import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch, SourceMessage } from '../../../src/core/batch.ts';
import type { MessageSource } from '../../../src/ports/message-source.ts';

export interface MessageSourceOptions {
  readonly maxMessages?: number;
  readonly maxAgeSeconds?: number;
  readonly startAt?: 'earliest' | 'latest';
}

/** One fresh place for messages; it outlives the sources that are opened on it, as do the committed offsets. */
export interface MessageSourceHarness {
  source(options: MessageSourceOptions): MessageSource;
  /** Adds messages to the end of a partition, counted from 0; it is made when it is first named. */
  put(partition: number, texts: readonly string[]): Promise<void>;
  dispose(): Promise<void>;
}

const text = ({ bytes }: SourceMessage) => Buffer.from(bytes).toString();
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);

/** What every adapter behind the port `MessageSource` promises. */
export function describeMessageSource(name: string, makeHarness: () => Promise<MessageSourceHarness>): void {
  describe(`${name} as a MessageSource`, () => {
    let harness: MessageSourceHarness;
    const opened: MessageSource[] = [];
    const never = new AbortController().signal;

    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      for (const source of opened.splice(0)) await source.close();
      await harness.dispose();
    });

    async function open(options: MessageSourceOptions = {}): Promise<MessageSource> {
      const source = harness.source(options);
      opened.push(source);
      await source.open({ revoked: () => {} });
      return source;
    }

    async function pullAll(source: MessageSource, count: number): Promise<Batch[]> {
      const batches: Batch[] = [];
      for (let got = 0; got < count; ) {
        const batch = await source.pull(never);
        if (batch === undefined) throw new Error(`the source ended after ${got} of ${count} messages`);
        batches.push(batch);
        got += batch.messages.length;
      }
      return batches;
    }

    /** True when nothing more comes within a while. */
    async function isQuiet(source: MessageSource): Promise<boolean> {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 600);
      const batch = await source.pull(stop.signal);
      clearTimeout(timer);
      return batch === undefined;
    }

    const textsOf = (batches: readonly Batch[]) => batches.flatMap(({ messages }) => messages.map(text));
    const ends = (batches: readonly Batch[]) =>
      batches.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));

    it(`${name} as a MessageSource delivers all messages in order, in batches of one partition that are neither empty nor too long`, async () => {
      await harness.put(0, numbered('a', 25));
      await harness.put(1, numbered('b', 7));
      const batches = await pullAll(await open({ maxMessages: 10 }), 32);
      const lanes = new Map<string, string[]>();
      for (const batch of batches) {
        expect(batch.messages.length).toBeGreaterThan(0);
        expect(batch.messages.length).toBeLessThanOrEqual(10);
        const key = `${batch.topic}/${batch.partition}`;
        lanes.set(key, [...(lanes.get(key) ?? []), ...textsOf([batch])]);
      }
      expect([...lanes.values()].sort((x, y) => y.length - x.length)).toEqual([
        numbered('a', 25),
        numbered('b', 7),
      ]);
    });

    it(`${name} as a MessageSource gives messages ascending offsets, each at least the next offset of the message before, and a batch ends where its last message does`, async () => {
      await harness.put(0, numbered('a', 30));
      let position = 0;
      for (const batch of await pullAll(await open({ maxMessages: 8 }), 30)) {
        for (const message of batch.messages) {
          expect(message.offset).toBeGreaterThanOrEqual(position);
          expect(message.nextOffset).toBeGreaterThan(message.offset);
          position = message.nextOffset;
        }
        expect(batch.nextOffset).toBe(position);
      }
    });

    it(`${name} as a MessageSource continues exactly after the committed offset`, async () => {
      await harness.put(0, numbered('a', 30));
      const first = await open({ maxMessages: 10 });
      const batches = await pullAll(first, 30);
      await first.commit(ends(batches.slice(0, 2)));
      await first.close();
      const again = await open({ maxMessages: 10 });
      expect(textsOf(await pullAll(again, 10))).toEqual(numbered('a', 30).slice(20));
      expect(await isQuiet(again)).toBe(true);
    });

    it(`${name} as a MessageSource continues after the newest commit when it had continued from an earlier one before`, async () => {
      const texts = numbered('long enough to matter '.repeat(10), 30);
      await harness.put(0, texts);
      for (const round of [0, 1, 2]) {
        const source = await open({ maxMessages: 10 });
        const batches = await pullAll(source, 10);
        expect(textsOf(batches)).toEqual(texts.slice(round * 10, round * 10 + 10));
        await source.commit(ends(batches));
        await source.close();
      }
    });

    it(`${name} as a MessageSource delivers messages again that were not committed`, async () => {
      await harness.put(0, numbered('a', 5));
      const first = await open();
      await pullAll(first, 5);
      await first.close();
      expect(textsOf(await pullAll(await open(), 5))).toEqual(numbered('a', 5));
    });

    it(`${name} as a MessageSource commits each partition separately`, async () => {
      await harness.put(0, numbered('a', 4));
      await harness.put(1, numbered('b', 4));
      const first = await open();
      const batches = await pullAll(first, 8);
      const ofA = batches.filter((batch) => text(batch.messages[0]!).startsWith('a'));
      await first.commit(ends(ofA));
      await first.close();
      const again = await open();
      expect(textsOf(await pullAll(again, 4))).toEqual(numbered('b', 4));
      expect(await isQuiet(again)).toBe(true);
    });

    it(`${name} as a MessageSource delivers messages that are added while it reads, also to a new partition`, async () => {
      await harness.put(0, ['old']);
      const source = await open();
      // Committed, as a source may begin again at its committed offset when its partitions change.
      await source.commit(ends(await pullAll(source, 1)));
      await harness.put(0, ['new']);
      const added = await pullAll(source, 1);
      await source.commit(ends(added));
      await harness.put(1, ['other']);
      expect(textsOf([...added, ...(await pullAll(source, 1))])).toEqual(['new', 'other']);
    });

    it(`${name} as a MessageSource delivers a batch that is not full when it is old enough`, async () => {
      await harness.put(0, ['only']);
      expect(textsOf(await pullAll(await open({ maxMessages: 1000, maxAgeSeconds: 0.3 }), 1))).toEqual([
        'only',
      ]);
    });

    it(`${name} as a MessageSource ends a pull when the signal aborts, and loses no message by it`, async () => {
      const source = await open();
      const stop = new AbortController();
      const pulled = source.pull(stop.signal);
      stop.abort();
      expect(await pulled).toBeUndefined();
      expect(await source.pull(stop.signal)).toBeUndefined();
      await harness.put(0, ['later']);
      expect(textsOf(await pullAll(source, 1))).toEqual(['later']);
    });

    it(`${name} as a MessageSource never changes the bytes of a message that it has delivered`, async () => {
      await harness.put(0, numbered('a', 2000));
      const source = await open({ maxMessages: 100 });
      const [first] = await pullAll(source, 100);
      const before = textsOf([first!]);
      await pullAll(source, 1900);
      expect(textsOf([first!])).toEqual(before);
    });

    it(`${name} as a MessageSource begins at the end when configured to, and delivers everything that comes afterwards`, async () => {
      await harness.put(0, numbered('old', 5));
      const source = await open({ startAt: 'latest' });
      await harness.put(0, ['new']);
      expect(textsOf(await pullAll(source, 1))).toEqual(['new']);
      await source.close();
      expect(textsOf(await pullAll(await open({ startAt: 'latest' }), 1))).toEqual(['new']);
    });

    it(`${name} as a MessageSource reports its lag`, async () => {
      await harness.put(0, numbered('a', 6));
      const source = await open({ maxMessages: 3 });
      const behind = async () => (await source.lag()).reduce((sum, { lag }) => sum + lag, 0);
      const whole = await behind();
      const batches = await pullAll(source, 6);
      expect(await behind()).toBe(whole);
      await source.commit(ends(batches.slice(0, 1)));
      expect(await behind()).toBeLessThan(whole);
      expect(await behind()).toBeGreaterThan(0);
      await source.commit(ends(batches.slice(1)));
      expect(await source.lag()).toEqual([
        expect.objectContaining({
          committed: batches.at(-1)!.nextOffset,
          highWatermark: batches.at(-1)!.nextOffset,
          lag: 0,
        }),
      ]);
    });

    it(`${name} as a MessageSource can be closed twice`, async () => {
      const source = await open();
      await source.close();
      await source.close();
    });
  });
}
