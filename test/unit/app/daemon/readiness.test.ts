import { describe, expect, it } from 'vitest';
import { type ReadinessFacts, readinessOf } from '../../../../src/app/daemon/readiness.ts';

const well: ReadinessFacts = {
  hasModel: true,
  state: 'running',
  trouble: undefined,
  scorerTrouble: undefined,
  lagAgeSeconds: 5,
  lagOldSeconds: 60,
  sinkWaits: [],
  commitsFailingSeconds: 0,
  threads: 4,
  spoolFullness: 0,
};

describe('a daemon', () => {
  it('a daemon is ready while everything works', () => {
    expect(readinessOf(well)).toEqual({ ready: true, reasons: [] });
  });

  it.each([
    [{ hasModel: false }, 'no model is installed'],
    [{ state: 'draining' }, 'the pipeline is draining'],
    [{ scorerTrouble: 'its model is corrupt' }, 'the scorer: its model is corrupt'],
    [{ trouble: 'it is not in its group' }, 'the source: it is not in its group'],
    [{ lagAgeSeconds: 61 }, 'the lag has not been measured for 61 s'],
    [
      { sinkWaits: [{ sink: 'verdicts', seconds: 31, error: 'no broker' }] },
      'verdicts have not been accepted for 31 s (no broker)',
    ],
    [
      { sinkWaits: [{ sink: 'reviews', seconds: 45, error: undefined }] },
      'review rows have not been accepted for 45 s (no answer)',
    ],
    [{ commitsFailingSeconds: 31 }, 'offsets have not been committed for 31 s'],
    [{ threads: 0 }, 'no scoring thread is running'],
    [{ spoolFullness: 0.995 }, 'the review spool is full'],
  ] as const)('a daemon is not ready with %j, and states the reason', (changes, reason) => {
    expect(readinessOf({ ...well, ...(changes as Partial<ReadinessFacts>) })).toEqual({
      ready: false,
      reasons: [reason],
    });
  });

  it.each([
    { threads: 1 },
    { threads: undefined },
    { sinkWaits: [{ sink: 'verdicts', seconds: 29, error: 'no broker' }] },
    { commitsFailingSeconds: 29 },
    { spoolFullness: 0.9 },
    { lagAgeSeconds: 59 },
  ] as const)('a daemon is ready with %j, which only metrics show', (changes) => {
    expect(readinessOf({ ...well, ...(changes as Partial<ReadinessFacts>) }).ready).toBe(true);
  });

  it('a daemon that is not ready lists every reason', () => {
    expect(readinessOf({ ...well, threads: 0, commitsFailingSeconds: 99 }).reasons).toHaveLength(2);
  });
});
