import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoredBatch } from '../../../src/core/scored-batch.ts';
import { ProblemError } from '../../../src/http/problem.ts';
import { ScoreQueue, type ScoreQueueLimits } from '../../../src/http/score-queue.ts';
import type { Scorer } from '../../../src/ports/scorer.ts';
import { FakeScorer } from './fakes.ts';

/** A scorer whose batches end when the test lets them. */
class BlockedScorer implements Scorer {
  readonly fake = new FakeScorer();
  readonly held: { readonly ids: readonly string[]; go(): void; fail(error: Error): void }[] = [];

  score(batch: readonly Uint8Array[], options = {}): Promise<ScoredBatch> {
    const ids = batch.map(
      (bytes) => (JSON.parse(Buffer.from(bytes).toString()) as { message_id: string }).message_id,
    );
    return new Promise((resolve, reject) => {
      this.held.push({ ids, go: () => resolve(this.fake.score(batch, options)), fail: reject });
    });
  }

  /** Lets the oldest batch end, and whatever follows from it happen. */
  async next(): Promise<readonly string[]> {
    const oldest = this.held.shift()!;
    oldest.go();
    await new Promise((resolve) => setImmediate(resolve));
    return oldest.ids;
  }
}

const limits: ScoreQueueLimits = { slices: 1, sliceCost: 1000, totalCost: 10_000, clientRequests: 3 };
const never = new AbortController().signal;
const every = { every: true };

/** `count` messages of one client; each costs 200 and its characters. */
const messages = (name: string, count: number, characters = 100) =>
  Array.from({ length: count }, (_, i) => ({ message: 'x'.repeat(characters), message_id: `${name}${i}` }));

function queueOf(changes: Partial<ScoreQueueLimits> = {}) {
  const scorer = new BlockedScorer();
  return { scorer, queue: new ScoreQueue(scorer, { ...limits, ...changes }) };
}

async function problemOf(request: Promise<unknown>): Promise<ProblemError> {
  const error = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
}

describe('ScoreQueue', () => {
  it('ScoreQueue gives a large request to the scorer in slices of bounded cost, one at a time', async () => {
    const { scorer, queue } = queueOf();
    const answer = queue.score('a', messages('m', 8), every, never);
    const slices: (readonly string[])[] = [];
    while (scorer.held.length > 0) {
      expect(scorer.held).toHaveLength(1);
      slices.push(await scorer.next());
    }
    expect(slices).toEqual([
      ['m0', 'm1', 'm2'],
      ['m3', 'm4', 'm5'],
      ['m6', 'm7'],
    ]);
    expect((await answer).scored.map(({ index, message }) => `m${index}` === message.message_id)).toEqual(
      Array(8).fill(true),
    );
  });

  it('ScoreQueue makes a message that costs more than a slice a slice of its own', async () => {
    const { scorer, queue } = queueOf();
    const answer = queue.score('a', messages('m', 2, 3000), every, never);
    expect(await scorer.next()).toEqual(['m0']);
    expect(await scorer.next()).toEqual(['m1']);
    expect((await answer).scored).toHaveLength(2);
  });

  it('ScoreQueue lets clients take turns, so that a small request does not wait behind a large one of another client', async () => {
    const { scorer, queue } = queueOf();
    const large = queue.score('a', messages('a', 9), every, never);
    const small = queue.score('b', messages('b', 1), every, never);
    expect(await scorer.next()).toEqual(['a0', 'a1', 'a2']);
    expect(await scorer.next()).toEqual(['b0']);
    expect((await small).scored).toHaveLength(1);
    expect(await scorer.next()).toEqual(['a3', 'a4', 'a5']);
    await scorer.next();
    expect((await large).scored).toHaveLength(9);
  });

  it('ScoreQueue refuses a client above its number of requests or its share of the cost with too-many-requests', async () => {
    const { scorer, queue } = queueOf();
    const admitted = [1, 2, 3].map((i) => queue.score('a', messages(`a${i}`, 1), every, never));
    const fourth = await problemOf(queue.score('a', messages('x', 1), every, never));
    expect(fourth.kind).toBe('too-many-requests');
    expect(fourth.facts.retryAfter).toBeGreaterThan(0);
    const other = queue.score('b', messages('b', 1), every, never);
    const costly = await problemOf(queue.score('b', messages('b', 1, 5000), every, never));
    expect(costly.kind).toBe('too-many-requests');
    while (scorer.held.length > 0) await scorer.next();
    await Promise.all([...admitted, other]);
  });

  it('ScoreQueue refuses what would exceed the total cost with unavailable, and admits it once there is room', async () => {
    const { scorer, queue } = queueOf();
    const admitted = ['a', 'b'].map((client) => queue.score(client, messages(client, 1, 4500), every, never));
    const refused = await problemOf(queue.score('c', messages('c', 1, 1000), every, never));
    expect(refused.kind).toBe('unavailable');
    expect(refused.facts.retryAfter).toBeGreaterThan(0);
    await scorer.next();
    const later = queue.score('c', messages('c', 1, 1000), every, never);
    while (scorer.held.length > 0) await scorer.next();
    await Promise.all([...admitted, later]);
  });

  it('ScoreQueue admits a request that alone exceeds every bound when nothing else is there', async () => {
    const { scorer, queue } = queueOf();
    const answer = queue.score('a', messages('m', 2, 50_000), every, never);
    await scorer.next();
    await scorer.next();
    expect((await answer).scored).toHaveLength(2);
  });

  it('ScoreQueue drops the rest of an aborted request, and releases its cost', async () => {
    const { scorer, queue } = queueOf();
    const abort = new AbortController();
    const answer = queue.score('a', messages('a', 9), every, abort.signal);
    const gone = new Error('the client is gone');
    abort.abort(gone);
    await expect(answer).rejects.toBe(gone);
    expect(await scorer.next()).toEqual(['a0', 'a1', 'a2']);
    expect(scorer.held).toEqual([]);
    const next = queue.score('a', messages('b', 1, 9000), every, never);
    await scorer.next();
    expect((await next).scored).toHaveLength(1);
  });

  it('ScoreQueue rejects a request if one of its slices fails, without scoring its other slices, and continues with others', async () => {
    const { scorer, queue } = queueOf();
    const failing = queue.score('a', messages('a', 9), every, never);
    const other = queue.score('b', messages('b', 1), every, never);
    scorer.held.shift()!.fail(new Error('a thread died'));
    await expect(failing).rejects.toThrow('a thread died');
    expect(await scorer.next()).toEqual(['b0']);
    expect((await other).scored).toHaveLength(1);
    expect(scorer.held).toEqual([]);
  });

  it('ScoreQueue rejects waiting requests when it is closed, and lets the running slice finish', async () => {
    const { scorer, queue } = queueOf();
    const running = queue.score('a', messages('a', 1), every, never);
    const waiting = queue.score('b', messages('b', 1), every, never);
    queue.close();
    expect((await problemOf(waiting)).kind).toBe('unavailable');
    expect((await problemOf(queue.score('c', messages('c', 1), every, never))).kind).toBe('unavailable');
    await scorer.next();
    expect((await running).scored).toHaveLength(1);
    expect(scorer.held).toEqual([]);
  });

  it('ScoreQueue answers every admitted message exactly once, whatever the sizes, clients, failures and aborts', async () => {
    const request = fc.record({
      client: fc.constantFrom('a', 'b', 'c'),
      sizes: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 12 }),
      fate: fc.constantFrom('answer', 'answer', 'answer', 'abort'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (requests, slices) => {
          const { scorer, queue } = queueOf({ slices, totalCost: 1e9, clientRequests: 100 });
          const answers = requests.map(({ client, sizes, fate }, r) => {
            const abort = new AbortController();
            const all = sizes.map((size, i) => ({ message: 'x'.repeat(size), message_id: `${r}-${i}` }));
            const answer = queue.score(client, all, every, abort.signal);
            if (fate === 'abort') abort.abort(new Error('gone'));
            return answer.then(
              ({ scored, unreadable }) =>
                [...scored, ...unreadable].map(({ index }) => index).sort((a, b) => a - b),
              () => 'gone',
            );
          });
          while (scorer.held.length > 0) {
            expect(scorer.held.length).toBeLessThanOrEqual(slices);
            await scorer.next();
          }
          expect(await Promise.all(answers)).toEqual(
            requests.map(({ sizes, fate }) => (fate === 'abort' ? 'gone' : sizes.map((_, i) => i))),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
