import { describe, expect, it } from 'vitest';
import { residentBytes, residentBytesOf } from '../../../src/scoring/resident-memory.ts';

describe('resident memory', () => {
  it('resident memory is read in KiB from the status of a process, whatever the page size is', () => {
    expect(residentBytesOf('Name:\tnode\nVmHWM:\t  999 kB\nVmRSS:\t   51200 kB\nRssAnon:\t 1 kB\n')).toBe(
      50 * 1024 * 1024,
    );
    expect(residentBytesOf('Name:\tkthreadd\nState:\tS (sleeping)\n')).toBe(0);
  });

  it('resident memory of this process is what Node reports, and 0 for a process that does not exist', async () => {
    const own = await residentBytes(process.pid);
    const reported = process.memoryUsage().rss;
    // Pages come and go between the two looks.
    expect(Math.abs(own - reported)).toBeLessThan(reported / 2);
    expect(await residentBytes(2 ** 30)).toBe(0);
    expect(await residentBytes(undefined)).toBe(0);
  });
});
