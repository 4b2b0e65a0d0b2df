import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { untilAccepted, waitBefore } from '../../../src/pipeline/retry.ts';
import { RecordingLog, retriable, TurnClock } from './fakes.ts';

describe('waitBefore', () => {
  it('waitBefore grows, stays between half and all of its limit, and never exceeds ten seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, chance) => {
          const cap = Math.min(10, 0.1 * 2 ** (attempt - 1));
          const wait = waitBefore(attempt, chance);
          expect(wait).toBeGreaterThanOrEqual(cap / 2);
          expect(wait).toBeLessThanOrEqual(cap);
        },
      ),
    );
  });
});

describe('untilAccepted', () => {
  const options = () => {
    const log = new RecordingLog();
    return {
      clock: new TurnClock(),
      log,
      giveUp: new AbortController().signal,
      what: 'try',
      onRetry: () => {},
    };
  };

  it('untilAccepted warns once, logs an error if the failure lasts, and reports the recovery', async () => {
    const given = options();
    let failures = 40;
    const result = await untilAccepted(async () => {
      if (failures-- > 0) throw retriable();
      return 'done';
    }, given);
    expect(result).toBe('done');
    expect(given.log.lines.map(({ level, fields }) => [level, fields.what, fields.attempts])).toEqual([
      ['warn', 'try', 1],
      ['error', 'try', 12],
      ['info', 'try', 41],
    ]);
  });

  it('untilAccepted does not retry if it is stopped while it waits', async () => {
    const given = options();
    const giveUp = new AbortController();
    let tries = 0;
    const failing = async () => {
      tries++;
      throw retriable();
    };
    given.clock.sleep = async () => giveUp.abort();
    await expect(untilAccepted(failing, { ...given, giveUp: giveUp.signal })).rejects.toMatchObject({
      code: 'SINK_FAILED',
    });
    expect(tries).toBe(1);
  });

  it('untilAccepted does not retry an error that no retry can fix', async () => {
    let tries = 0;
    const broken = async () => {
      tries++;
      throw new TypeError('a bug');
    };
    await expect(untilAccepted(broken, options())).rejects.toThrow('a bug');
    expect(tries).toBe(1);
  });
});
