import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlDecisionStore } from '../../../src/adapters/libsql/libsql-decision-store.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import type { VerdictSink } from '../../../src/ports/verdict-sink.ts';
import { OutboxPublisher } from '../../../src/review/outbox-publisher.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { person, reviewItem } from '../../contract/suites/decision-fixture.ts';
import { quietLog } from '../../contract/temporary-folder.ts';

let folder = '';
let store: DecisionStore;
let now = 0;

beforeEach(() => {
  now = 1_800_000_000_000;
  folder = mkdtempSync(join(tmpdir(), 'sluice-outbox-'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = async () => {
  store = await openLibsqlDecisionStore(join(folder, 'sluice.db'), () => now);
};

/** Rows of messages that were decided, then undone where the name says so. */
async function decided(...names: readonly string[]): Promise<void> {
  const reviews = await openLibsqlReviewStore(join(folder, 'sluice.db'));
  await reviews.add(names.map((name) => reviewItem(name)));
  await reviews.close();
  await open();
  const desk = new ReviewDesk(store);
  const { items } = await store.list({ state: 'open', order: 'age', limit: 1000 });
  for (const { id, message_id } of items) {
    const decision = await desk.decide(person('anna'), { label: 'spam', items: [{ review_id: id }] });
    if (message_id.startsWith('undone')) await desk.undo(person('anna'), decision.id);
  }
}

class RecordedSink implements Pick<VerdictSink, 'publish' | 'flush'> {
  readonly published: string[] = [];
  #waiting: readonly Verdict[] = [];
  flushed = 0;
  fails: (verdicts: readonly Verdict[]) => Error | undefined = () => undefined;
  refuses: (verdict: Verdict) => boolean = () => false;

  async publish(verdicts: readonly Verdict[]) {
    const error = this.fails(verdicts);
    if (error !== undefined) throw error;
    this.#waiting = verdicts.filter((verdict) => !this.refuses(verdict));
    this.published.push(...this.#waiting.map(({ message_id, verdict }) => `${message_id} ${verdict}`));
    return verdicts.flatMap((verdict, index) =>
      this.refuses(verdict) ? [{ index, reason: 'too large' }] : [],
    );
  }

  async flush() {
    this.flushed++;
  }
}

const publisher = (sink: RecordedSink, parts: Partial<DecisionStore> = {}) =>
  new OutboxPublisher({
    store: {
      takeOutbox: (request) => store.takeOutbox(request),
      finishOutbox: (rows) => store.finishOutbox(rows),
      postponeOutbox: (rows, seconds) => store.postponeOutbox(rows, seconds),
      ...parts,
    },
    ...{ sink, log: quietLog, holder: 'publisher' },
  });

describe('the outbox publisher', () => {
  it('the outbox publisher publishes all waiting verdicts, those of one message in order', async () => {
    await decided('undone-a', 'b', 'undone-c');
    const sink = new RecordedSink();
    expect(await publisher(sink).drain()).toEqual({ published: 5, refused: 0, failed: 0 });
    for (const name of ['undone-a', 'undone-c'])
      expect(sink.published.filter((each) => each.startsWith(name))).toEqual([
        `${name} spam`,
        `${name} review`,
      ]);
    expect(sink.published).toContain('b spam');
    expect(await store.outboxDepth()).toEqual({ rows: 0, oldestSeconds: 0 });
    expect(await publisher(sink).drain()).toEqual({ published: 0, refused: 0, failed: 0 });
  });

  it('the outbox publisher publishes a verdict again if the process was killed before it could record the publication', async () => {
    await decided('a', 'b');
    const sink = new RecordedSink();
    const killed = publisher(sink, {
      finishOutbox: async () => {
        throw new Error('killed');
      },
    });
    await expect(killed.drain()).rejects.toThrow(/killed/);
    await store.close();
    await open();
    // The killed process held the rows.
    expect(await publisher(sink).drain()).toEqual({ published: 0, refused: 0, failed: 0 });
    now += 60_000;
    expect(await publisher(sink).drain()).toEqual({ published: 2, refused: 0, failed: 0 });
    expect(sink.published).toEqual(['a spam', 'b spam', 'a spam', 'b spam']);
  });

  it('the outbox publisher records nothing as published before the sink has flushed', async () => {
    await decided('a');
    const sink = new RecordedSink();
    sink.flush = async () => {
      throw new SluiceError('SINK_FAILED', 'planted', { retriable: true });
    };
    expect(await publisher(sink).drain()).toMatchObject({ published: 0, failed: 1 });
    expect((await store.outboxDepth()).rows).toBe(1);
  });

  it('the outbox publisher blocks no other message by one that fails, and holds back its later verdicts', async () => {
    await decided('bad-0', 'bad-1', 'undone-bad', 'a', 'b');
    const sink = new RecordedSink();
    sink.fails = (verdicts) =>
      verdicts.some(({ message_id }) => message_id.includes('bad'))
        ? new SluiceError('SINK_FAILED', 'planted', { retriable: true })
        : undefined;
    for (let round = 0; round < 4; round++) {
      await publisher(sink).drain();
      now += 5_000;
    }
    expect([...sink.published].sort()).toEqual(['a spam', 'b spam']);
    expect((await store.outboxDepth()).rows).toBe(4);
    sink.fails = () => undefined;
    expect(await publisher(sink).drain()).toMatchObject({ published: 4 });
    expect(sink.published.slice(-4).filter((each) => each.startsWith('undone'))).toEqual([
      'undone-bad spam',
      'undone-bad review',
    ]);
  });

  it('the outbox publisher keeps verdicts that the sink reports as unfinished for later, and records the others as published', async () => {
    await decided('a', 'b', 'c');
    const sink = new RecordedSink();
    let failures = 0;
    sink.fails = () =>
      failures++ === 0
        ? new SluiceError('SINK_FAILED', 'planted', {
            retriable: true,
            unfinished: { open: [1], refusals: [{ index: 2, reason: 'too large' }] },
          })
        : undefined;
    expect(await publisher(sink).drain()).toEqual({ published: 1, refused: 1, failed: 1 });
    expect((await store.outboxDepth()).rows).toBe(1);
  });

  it('the outbox publisher does not let a verdict wait that the sink will never accept', async () => {
    await decided('undone-a', 'b');
    const sink = new RecordedSink();
    sink.refuses = ({ verdict }) => verdict === 'spam';
    expect(await publisher(sink).drain()).toEqual({ published: 1, refused: 2, failed: 0 });
    expect(sink.published).toEqual(['undone-a review']);
    expect((await store.outboxDepth()).rows).toBe(0);
  });

  it('the outbox publisher publishes nothing more once it is stopped', async () => {
    await decided('a');
    expect(await publisher(new RecordedSink()).drain(AbortSignal.abort())).toMatchObject({ published: 0 });
  });
});
