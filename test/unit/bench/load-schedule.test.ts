import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadSchedule } from '../../../bench/harness/load-schedule.ts';

const schedules = fc
  .record({
    rate: fc.integer({ min: 1, max: 50_000 }),
    seconds: fc.integer({ min: 1, max: 20 }),
    ramp: fc.integer({ min: 0, max: 10 }),
  })
  .map(({ rate, seconds, ramp }) => new LoadSchedule(rate, seconds, ramp));

describe('LoadSchedule', () => {
  it('LoadSchedule sends at a constant rate without a ramp', () => {
    const schedule = new LoadSchedule(1_000, 3, 0);
    expect(schedule.total).toBe(3_000);
    expect(schedule.firstAfterRamp).toBe(0);
    expect([0, 1, 500, 2_999].map((i) => schedule.secondsOf(i))).toEqual([0, 0.001, 0.5, 2.999]);
  });

  it('LoadSchedule sends half as many messages during the ramp, at a growing rate', () => {
    const schedule = new LoadSchedule(1_000, 3, 4);
    expect(schedule.firstAfterRamp).toBe(2_000);
    expect(schedule.total).toBe(5_000);
    expect(schedule.dueBy(2)).toBe(501);
    expect(schedule.secondsOf(2_000)).toBeCloseTo(4, 9);
    expect(schedule.secondsOf(3_000)).toBeCloseTo(5, 9);
  });

  it('LoadSchedule has as many messages due at a time as messages whose time is up to then', () => {
    fc.assert(
      fc.property(schedules, fc.double({ min: 0, max: 1, noNaN: true }), (schedule, share) => {
        const i = Math.min(schedule.total - 1, Math.floor(share * schedule.total));
        const at = schedule.secondsOf(i);
        expect(schedule.dueBy(at + 1e-9)).toBeGreaterThanOrEqual(i + 1);
        expect(schedule.dueBy(at - 1e-9)).toBeLessThanOrEqual(i + 1);
        if (i > 0) expect(at).toBeGreaterThan(schedule.secondsOf(i - 1));
      }),
    );
  });

  it('LoadSchedule ends after its last message', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(schedule.dueBy(1e6)).toBe(schedule.total);
        expect(schedule.dueBy(-1)).toBe(0);
      }),
    );
  });
});
