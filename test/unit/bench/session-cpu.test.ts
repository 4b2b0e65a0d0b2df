import { describe, expect, it } from 'vitest';
import { cpuOfStat } from '../../../bench/harness/session-cpu.ts';

/** pid, name, state, parent, group, session, terminal and its group, flags, four faults; user, system, and both of children. */
const stat = '77 (a (b) 1 2 3) S 1 77 70 0 -1 4194304 10 20 30 40 150 50 200 100 20 0 9 0 12345 1 2';

describe('cpuOfStat', () => {
  it('cpuOfStat adds user and system time, including that of children that have ended', () => {
    expect(cpuOfStat(stat, 70)).toBe(5);
  });

  it('cpuOfStat ignores processes of another session', () => {
    expect(cpuOfStat(stat, 77)).toBeUndefined();
  });
});
