import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import type { CommittableOffset } from '../../../src/core/topic-partition.ts';
import { Committer } from '../../../src/pipeline/commit.ts';
import { batchOf, RecordingLog, recordingTelemetry, TurnClock, turn } from './fakes.ts';
import { gate, until } from './test-pipeline.ts';

function committerOf({ maxFailureSeconds = 60, intervalSeconds = 1 } = {}) {
  const commits: (readonly CommittableOffset[])[] = [];
  const fakes = { flush: async () => {}, beforeCommit: async () => {} };
  const clock = new TurnClock();
  const log = new RecordingLog();
  const { telemetry, calls } = recordingTelemetry();
  const committer = new Committer({
    source: {
      commit: async (offsets) => {
        await fakes.beforeCommit();
        commits.push(offsets);
      },
    },
    flush: () => fakes.flush(),
    telemetry,
    intervalSeconds,
    maxFailureSeconds,
    retry: { clock, log, giveUp: new AbortController().signal, onRetry: () => {} },
  });
  const settle = (count: number, at: Parameters<typeof batchOf>[1] = {}) =>
    committer.settle(committer.pulled(batchOf(Array(count).fill('ham'), at)));
  return { committer, commits, fakes, clock, log, calls, settle };
}

const unavailable = async () => {
  throw new SluiceError('OFFSETS_FAILED', 'no answer', { retriable: true });
};
const here = { topic: 'chat', partition: 0 };

describe('Committer', () => {
  it('Committer commits no offset of a partition that was revoked while the sinks were being flushed', async () => {
    const { committer, commits, fakes, settle } = committerOf();
    settle(2, { partition: 0 });
    settle(3, { partition: 1 });
    fakes.flush = async () => committer.revoke(here, 1);
    await committer.commitNow();
    expect(commits.flat()).toEqual([{ topic: 'chat', partition: 1, epoch: 1, nextOffset: 3 }]);
  });

  it('Committer commits nothing of an assignment epoch that ended while the sinks were being flushed', async () => {
    const { committer, commits, fakes, settle } = committerOf();
    settle(2, { epoch: 1 });
    fakes.flush = async () => {
      fakes.flush = async () => {};
      committer.pulled(batchOf(['ham'], { epoch: 2 }));
    };
    await committer.commitNow();
    expect(commits).toEqual([]);
  });

  it('Committer does not call the source if everything that was settled was revoked meanwhile', async () => {
    const { committer, commits, fakes, calls, settle } = committerOf();
    settle(2);
    fakes.flush = async () => committer.revoke(here, 1);
    await committer.commitNow();
    expect([commits, calls]).toEqual([[], []]);
  });

  it('Committer commits one after the other, so that no earlier offset follows a later one', async () => {
    const { committer, commits, fakes, settle } = committerOf();
    const first = gate();
    settle(2);
    fakes.beforeCommit = () => first.opened;
    const slow = committer.commitNow();
    await turn();
    settle(1, { start: 2 });
    fakes.beforeCommit = async () => {};
    const fast = committer.commitBeforeRevoke();
    for (let i = 0; i < 5; i++) await turn();
    expect(commits).toEqual([]);
    first.open();
    await Promise.all([slow, fast]);
    expect(commits.flat().map(({ nextOffset }) => nextOffset)).toEqual([2, 3]);
  });

  it('Committer commits settled offsets at once before partitions are revoked, after a flush', async () => {
    const { committer, commits, fakes, settle } = committerOf();
    let flushes = 0;
    fakes.flush = async () => void flushes++;
    settle(2);
    await committer.commitBeforeRevoke();
    expect([commits.length, flushes]).toEqual([1, 1]);
  });

  it('Committer lets a revoke continue if the commit before it fails', async () => {
    const { committer, commits, fakes, log, calls, settle } = committerOf();
    settle(2);
    fakes.beforeCommit = unavailable;
    await committer.commitBeforeRevoke();
    fakes.flush = async () => {
      throw new TypeError('a bug');
    };
    await committer.commitBeforeRevoke();
    expect(commits).toEqual([]);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { error: 'no answer' }],
      ['warn', { error: 'a bug' }],
    ]);
    expect(calls).toEqual(Array(2).fill(['batchRetried', 'commit']));
  });

  it('Committer reports how many partitions were committed, and how long that took including the flush', async () => {
    const { committer, fakes, clock, calls, settle } = committerOf();
    settle(2, { partition: 0 });
    settle(3, { partition: 1 });
    fakes.flush = async () => {
      clock.seconds += 3;
    };
    await committer.commitNow();
    expect(calls).toEqual([['offsetsCommitted', { partitions: 2, seconds: 3 }]]);
  });

  it('Committer flushes no sink if nothing has settled since the last commit', async () => {
    const { committer, fakes, settle } = committerOf();
    let flushes = 0;
    fakes.flush = async () => void flushes++;
    await committer.commitNow();
    settle(2);
    await committer.commitNow();
    await committer.commitNow();
    expect(flushes).toBe(1);
  });

  it('Committer repeats the last commit until it succeeds', async () => {
    const { committer, commits, fakes, log, settle } = committerOf();
    settle(2);
    let failures = 2;
    fakes.beforeCommit = async () => {
      if (failures-- > 0) await unavailable();
    };
    await committer.commitNow();
    expect(commits).toHaveLength(1);
    expect(log.lines[0]!.fields).toMatchObject({ what: 'commit offsets' });
  });
});

describe('commits on a timer', () => {
  it('commits on a timer keep their interval while they succeed, and while there is nothing to commit', async () => {
    const { committer, commits, clock, settle } = committerOf({ intervalSeconds: 300 });
    const stop = new AbortController();
    settle(2);
    const timer = committer.commitOnTimer(stop.signal);
    await until(() => clock.sleeps.length === 3);
    stop.abort();
    await timer;
    expect(commits).toHaveLength(1);
    expect(clock.sleeps).toEqual([300, 300, 300]);
  });

  it('commits on a timer count each failure, and log the first failure and the recovery', async () => {
    const { committer, commits, fakes, log, calls, settle } = committerOf();
    const stop = new AbortController();
    settle(2);
    let failures = 3;
    fakes.beforeCommit = async () => {
      if (failures-- > 0) await unavailable();
    };
    const timer = committer.commitOnTimer(stop.signal);
    await until(() => commits.length === 1);
    settle(1, { start: 2 });
    await until(() => commits.length === 2);
    stop.abort();
    await timer;
    expect(calls.filter(([method]) => method === 'batchRetried')).toEqual(
      Array(3).fill(['batchRetried', 'commit']),
    );
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { error: 'no answer' }],
      ['info', { failures: 3 }],
    ]);
  });

  it('commits on a timer end with an error that no retry can fix', async () => {
    const { committer, fakes, settle } = committerOf();
    settle(2);
    fakes.flush = async () => {
      throw new TypeError('a bug');
    };
    await expect(committer.commitOnTimer(new AbortController().signal)).rejects.toThrow('a bug');
  });
});

describe('commits that fail', () => {
  it('failing commits are timed from the beginning of the first one, even if it is never answered, until one succeeds', async () => {
    const { committer, fakes, clock, settle } = committerOf();
    expect(committer.failingSeconds).toBe(0);
    settle(2);
    const silent = gate();
    fakes.beforeCommit = () => silent.opened;
    const committing = committer.commitNow();
    await turn();
    clock.seconds += 7;
    clock.wallSeconds -= 3600;
    expect(committer.failingSeconds).toBe(7);
    silent.open();
    await committing;
    expect(committer.failingSeconds).toBe(0);
  });

  it('failing commits stop pulling once they have failed for too long, and pulling continues when one succeeds', async () => {
    const { committer, fakes, clock, log, settle } = committerOf({ maxFailureSeconds: 10 });
    const stop = new AbortController();
    const timer = committer.commitOnTimer(stop.signal);
    const pulls: number[] = [];
    const pulling = (async () => {
      while (!stop.signal.aborted) {
        await committer.whenCommitsWork(stop.signal);
        pulls.push(clock.seconds);
        await turn();
      }
    })();
    fakes.beforeCommit = unavailable;
    settle(2);
    await until(() => clock.seconds > 1050);
    expect(pulls.at(-1)).toBeLessThanOrEqual(1013);
    fakes.beforeCommit = async () => {};
    await until(() => pulls.at(-1)! > 1050);
    expect(committer.failingSeconds).toBe(0);
    expect(log.lines.filter(({ text }) => text.includes('pull'))).toMatchObject([
      { level: 'error', fields: { seconds: expect.any(Number) } },
      { level: 'info' },
    ]);
    stop.abort();
    await Promise.all([timer, pulling]);
  });

  it('failing commits let pulling continue once nothing is left to commit, as after a revoke', async () => {
    const { committer, fakes, clock, settle } = committerOf({ maxFailureSeconds: 10 });
    const stop = new AbortController();
    const timer = committer.commitOnTimer(stop.signal);
    fakes.beforeCommit = unavailable;
    settle(2);
    await until(() => clock.seconds > 1020);
    const waiting = committer.whenCommitsWork(stop.signal);
    committer.revoke(here, 1);
    await waiting;
    stop.abort();
    await timer;
  });

  it('failing commits do not keep a drain from ending', async () => {
    const { committer, fakes, clock, log, settle } = committerOf({ maxFailureSeconds: 10 });
    const stop = new AbortController();
    const timer = committer.commitOnTimer(stop.signal);
    fakes.beforeCommit = unavailable;
    settle(2);
    await until(() => clock.seconds > 1020);
    const waiting = committer.whenCommitsWork(stop.signal);
    stop.abort();
    await Promise.all([waiting, timer]);
    expect(log.lines.at(-1)!.level).not.toBe('info');
  });

  it('failing commits are retried sooner than at the next interval if that is long', async () => {
    const { committer, commits, fakes, clock, settle } = committerOf({ intervalSeconds: 300 });
    const stop = new AbortController();
    const timer = committer.commitOnTimer(stop.signal);
    fakes.beforeCommit = unavailable;
    settle(2);
    await until(() => committer.failingSeconds > 0);
    const failedAt = clock.seconds;
    fakes.beforeCommit = async () => {};
    await until(() => commits.length === 1);
    expect(clock.seconds - failedAt).toBeLessThanOrEqual(10);
    stop.abort();
    await timer;
  });
});
