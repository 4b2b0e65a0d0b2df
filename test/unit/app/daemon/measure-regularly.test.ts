import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MeasureParts, measureRegularly } from '../../../../src/app/daemon/measure-regularly.ts';
import type { PartitionLag } from '../../../../src/ports/message-source.ts';
import { RecordingLog, recordingTelemetry } from '../../pipeline/fakes.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const behind = (lag: number): readonly PartitionLag[] => [
  { topic: 'chat', partition: 0, committed: 0, highWatermark: lag, lag, group: 'sluice' },
];

/** Kafka, as the source sees it. */
class FakeSource {
  answer: () => Promise<readonly PartitionLag[]> = async () => behind(7);
  isMember = true;

  lag() {
    return this.answer();
  }
  status() {
    return { member: this.isMember, partitions: this.isMember ? 1 : 0, lagAgeSeconds: undefined };
  }
  pausedPartitions() {
    return 2;
  }
}

function measured(changes: Partial<MeasureParts> = {}) {
  const source = new FakeSource();
  const { telemetry, calls } = recordingTelemetry();
  const log = new RecordingLog();
  const pool = { threads: 2, wanted: 3, queued: 0, utilization: 0.5 };
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 1000;
  const lag = measureRegularly({
    source,
    broker: { dependency: 'kafka', group: 'sluice' },
    scorer: { measure: () => pool },
    health: () => ({
      commitsFailingSeconds: 4,
      sinkWaits: [{ sink: 'reviews', seconds: 9, error: undefined }],
      memory: { usedBytes: 10, limitBytes: 100 },
    }),
    telemetry,
    intervalSeconds: 15,
    lookSeconds: 5,
    log,
    clock: { elapsed, now: Date.now, sleep: async () => {} },
    ...changes,
  });
  const last = (method: string) => calls.findLast(([name]) => name === method)?.[1];
  const all = (method: string) => calls.filter(([name]) => name === method).map(([, value]) => value);
  return { lag, source, log, pool, calls, last, all };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

describe('measureRegularly', () => {
  it('measureRegularly reports lag and pool at their interval, and health at each tick', async () => {
    const { lag, last, all } = measured();
    await seconds(31);
    expect(all('lagMeasured')).toHaveLength(3);
    expect(all('poolMeasured')).toHaveLength(3);
    expect(all('healthMeasured')).toHaveLength(7);
    expect(last('poolMeasured')).toEqual({ threads: 2, threadsWanted: 3, queued: 0, utilization: 0.5 });
    expect(last('healthMeasured')).toEqual({
      membership: { group: 'sluice', isMember: true },
      partitions: 1,
      lagAgeSeconds: 5,
      commitsFailingSeconds: 4,
      sinkWaitSeconds: { verdicts: 0, reviews: 9, 'dead-letters': 0, trace: 0, refused: 0 },
      memory: { usedBytes: 10, limitBytes: 100 },
    });
    expect(last('dependencyMeasured')).toEqual({ dependency: 'kafka', up: true });
    expect([lag.total, lag.isKnown, lag.threads]).toEqual([7, true, 2]);
    lag.stop();
  });

  it('measureRegularly reports no lag of 0 while Kafka is unavailable: the last figures stay, and their age grows', async () => {
    const { lag, source, log, last, all } = measured();
    await seconds(1);
    source.answer = () => Promise.reject(new Error('no broker answers'));
    await seconds(100);
    expect(all('lagMeasured')).toHaveLength(1);
    expect([lag.total, lag.isKnown]).toEqual([7, false]);
    expect(lag.ageSeconds).toBeGreaterThan(90);
    expect((last('healthMeasured') as { lagAgeSeconds: number }).lagAgeSeconds).toBeGreaterThan(90);
    expect(last('dependencyMeasured')).toEqual({ dependency: 'kafka', up: false });
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
    source.answer = async () => behind(0);
    await seconds(6);
    expect([lag.total, lag.isKnown, last('dependencyMeasured')]).toEqual([
      0,
      true,
      { dependency: 'kafka', up: true },
    ]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    lag.stop();
  });

  it('measureRegularly does not treat the silence of a source that is out of its group as a lag of 0', async () => {
    const { lag, source, last, all } = measured();
    await seconds(1);
    source.isMember = false;
    source.answer = async () => [];
    await seconds(70);
    expect([lag.total, lag.isKnown, all('lagMeasured').length]).toEqual([7, false, 1]);
    expect(lag.ageSeconds).toBeGreaterThan(lag.oldSeconds);
    expect(last('healthMeasured')).toMatchObject({
      membership: { isMember: false },
      partitions: 0,
    });
    lag.stop();
  });

  it('measureRegularly reports a lag of 0 for a member that has no partition', async () => {
    const { lag, source } = measured();
    source.answer = async () => [];
    await seconds(6);
    expect([lag.total, lag.isKnown]).toEqual([0, true]);
    lag.stop();
  });

  it('measureRegularly reports what a source measures while it is out of its group, and does not call it caught up', async () => {
    const { lag, source, all } = measured();
    source.isMember = false;
    source.answer = async () => behind(0);
    await seconds(31);
    expect(all('lagMeasured')).toHaveLength(3);
    expect([lag.isKnown, lag.ageSeconds <= 5]).toEqual([false, true]);
    lag.stop();
  });

  it('measureRegularly still reports health and pool while a measurement of the lag never ends, and starts no second one', async () => {
    let asked = 0;
    const { lag, source, pool, last, all } = measured();
    await seconds(1);
    source.answer = () => {
      asked++;
      return new Promise(() => {});
    };
    pool.threads = 0;
    await seconds(100);
    expect(asked).toBe(1);
    expect(all('healthMeasured').length).toBeGreaterThan(15);
    expect(last('poolMeasured')).toMatchObject({ threads: 0 });
    expect([lag.isKnown, lag.threads]).toEqual([false, 0]);
    lag.stop();
  });

  it('measureRegularly measures at once on request, after a measurement that is running', async () => {
    const { lag, source } = measured();
    let answer = (_: readonly PartitionLag[]) => {};
    source.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await seconds(6);
    const looked = lag.look();
    source.answer = async () => behind(3);
    answer(behind(99));
    await looked;
    expect(lag.total).toBe(3);
    lag.stop();
  });
});
