import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/ports/log.ts';
import { OutboxWorker, type OutboxWorkerParts } from '../../../src/review/outbox-worker.ts';

function worker(drain: (round: number) => void, rounds: number) {
  const seen = { logged: [] as string[], slept: [] as number[], depths: [] as number[], drains: 0 };
  const log: Log = {
    ...{ debug() {}, error() {}, child: () => log },
    warn: (_, text) => void seen.logged.push(text),
    info: (_, text) => void seen.logged.push(text),
  };
  let done: () => void;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const parts: OutboxWorkerParts = {
    publisher: {
      drain: async () => {
        drain(seen.drains++);
        return { published: 0, refused: 0, failed: 0 };
      },
    },
    store: { outboxDepth: async () => ({ rows: seen.drains, oldestSeconds: 1 }) },
    clock: {
      sleep: async (seconds, signal) => {
        seen.slept.push(seconds);
        if (seen.slept.length < rounds) return;
        done();
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      },
    },
    log,
    onMeasured: ({ rows }) => void seen.depths.push(rows),
  };
  return { worker: new OutboxWorker(parts), seen, finished };
}

describe('the outbox worker', () => {
  it('the outbox worker drains and measures the outbox about once a second until it is stopped', async () => {
    const { worker: running, seen, finished } = worker(() => {}, 3);
    running.start();
    running.start();
    await finished;
    await running.stop();
    expect(seen).toEqual({ logged: [], slept: [1, 1, 1], depths: [1, 2, 3], drains: 3 });
  });

  it('the outbox worker continues after the database was unavailable, and logs that once', async () => {
    const {
      worker: running,
      seen,
      finished,
    } = worker((round) => {
      if (round === 1 || round === 2) throw new Error('planted');
    }, 4);
    running.start();
    await finished;
    await running.stop();
    expect(seen.slept).toEqual([1, 5, 5, 1]);
    expect(seen.depths).toEqual([1, 4]);
    expect(seen.logged).toEqual([
      'the outbox cannot be read; verdicts of decisions wait, and it is tried again',
      'the outbox can be read again',
    ]);
  });
});
