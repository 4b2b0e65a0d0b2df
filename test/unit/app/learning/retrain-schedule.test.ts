import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../../../../src/app/learning/retrain-schedule.ts';

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const around = (pattern: string, zone: string, time: string) => {
  const schedule = scheduleOf(pattern, zone);
  const at = Date.parse(time);
  return [iso(schedule.previous(at)), iso(schedule.next(at))];
};

describe('times of a schedule', () => {
  it('a schedule of the first of the month knows its last and its next time, in UTC and in another time zone', () => {
    expect(around('0 0 1 * *', 'UTC', '2026-11-30T18:00:00Z')).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ]);
    expect(around('0 0 1 * *', 'Europe/Berlin', '2026-11-30T23:30:00Z')).toEqual([
      '2026-11-30T23:00:00.000Z',
      '2026-12-31T23:00:00.000Z',
    ]);
  });

  it('the last time of a schedule is the moment itself where that is one, and not a moment before it', () => {
    expect(around('0 0 1 * *', 'UTC', '2026-12-01T00:00:00.000Z')[0]).toBe('2026-12-01T00:00:00.000Z');
    expect(around('0 0 1 * *', 'UTC', '2026-12-01T00:00:00.400Z')[0]).toBe('2026-12-01T00:00:00.000Z');
    expect(around('0 0 1 * *', 'UTC', '2026-11-30T23:59:59.999Z')).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ]);
  });

  it('the next time of a schedule is after the moment where that is one itself', () => {
    expect(around('0 0 1 * *', 'UTC', '2026-12-01T00:00:00.000Z')[1]).toBe('2027-01-01T00:00:00.000Z');
  });

  it('a schedule at an hour that summer time skips or repeats has one time on that day', () => {
    const schedule = scheduleOf('30 2 * * *', 'Europe/Berlin');
    const days = (from: string, to: string) => {
      const times: string[] = [];
      let at = Date.parse(from);
      for (;;) {
        const next = schedule.next(at);
        if (next === null || next >= Date.parse(to)) return times;
        times.push(new Date(next).toISOString());
        at = next;
      }
    };
    expect(days('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toHaveLength(2);
    expect(days('2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toHaveLength(2);
  });

  it.each([
    ['every month', 'UTC'],
    ['0 0 32 * *', 'UTC'],
    ['0 0 1 * *', 'Middle/Earth'],
    ['0 0 31 2 *', 'UTC'],
    ['', 'UTC'],
  ])('a schedule "%s" in %s is refused with what to give', (pattern, zone) => {
    expect(() => scheduleOf(pattern, zone)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  });

  it('what is no schedule and what is no time zone are refused, each by its name', () => {
    expect(() => scheduleOf('xx', 'UTC')).toThrow(/^"xx" is no schedule; give five fields/);
    expect(() => scheduleOf('0 0 1 * *', 'Nowhere/X')).toThrow(/^"Nowhere\/X" is no time zone/);
  });
});
