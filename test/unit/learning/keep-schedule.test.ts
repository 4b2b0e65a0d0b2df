import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { keepSchedule, type Schedule } from '../../../src/learning/keep-schedule.ts';
import { MOST_ATTEMPTS, type RetrainParts, retrain } from '../../../src/learning/retrain.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { madeUpModel } from '../../contract/suites/model-store.ts';
import { type WorldOptions, worldOf } from './retrain-world.ts';

const HOUR = 3_600_000;
const noon = Date.parse('2027-01-15T12:30:00Z');
/** At each full hour. */
const hourly: Schedule = {
  previous: (at) => Math.floor(at / HOUR) * HOUR,
  next: (at) => (Math.floor(at / HOUR) + 1) * HOUR,
};

/** Time passes while somebody sleeps. */
class PassingClock implements Clock {
  at = noon;
  turnMilliseconds = 0;
  /** Called before each sleep. */
  onSleep: (seconds: number) => void = () => {};
  now(): number {
    return this.at;
  }
  elapsed(): number {
    return this.at / 1000;
  }
  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    // Others come to their turn meanwhile.
    await new Promise((resolve) => setTimeout(resolve, this.turnMilliseconds));
    if (signal?.aborted) return;
    this.onSleep(seconds);
    this.at += seconds * 1000;
  }
}

let folder = '';
let clock: PassingClock;
let logged: [string, string, Readonly<Record<string, unknown>>][];
let trained: number;
const opened: RetrainParts[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-schedule-'));
  clock = new PassingClock();
  logged = [];
  trained = 0;
  for (const day of ['01', '02', '03', '04', '05', '06']) {
    const { version, files } = madeUpModel(`202601${day}T000000Z`, day);
    mkdirSync(join(folder, 'made', version), { recursive: true });
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(folder, 'made', version, name), bytes);
  }
});
afterEach(async () => {
  for (const { runs } of opened.splice(0)) await runs.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (level: string) => (fields: Readonly<Record<string, unknown>>, text: string) => {
  logged.push([level, text, fields]);
};
const log: Log = {
  ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  child: () => log,
};
const texts = (level: string) => logged.filter(([of]) => of === level).map(([, text]) => text);

let holders = 0;
/** A process that keeps the schedule until a time. */
async function keepUntil(
  end: number,
  options: Partial<WorldOptions> = {},
  change: (parts: RetrainParts) => Partial<RetrainParts> = () => ({}),
): Promise<RetrainParts> {
  const real = await worldOf({ folder, clock, ...options });
  opened.push(real);
  // The lock is not renewed: time passes for it as well.
  const still: Clock = {
    now: () => clock.at,
    elapsed: () => 0,
    sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  };
  const parts: RetrainParts = {
    ...{ ...real, clock: still, log },
    train: async (...given) => {
      trained++;
      return await real.train(...given);
    },
    ...change(real),
  };
  const stop = new AbortController();
  const ticking: Clock = {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    sleep: async (seconds, signal) => {
      await clock.sleep(seconds, signal);
      if (clock.at >= end) stop.abort();
    },
  };
  const order = { by: 'ada', gate: 'sound', anyway: false, signal: stop.signal } as const;
  const once = (due: number | null, resumeOnly: boolean) =>
    retrain({ ...order, due, resumeOnly, holder: `p${++holders}` }, parts);
  await keepSchedule({
    ...{ schedule: hourly, clock: ticking, runs: parts.runs, log, ...order },
    run: (due) => once(due, false),
    resume: () => once(null, true),
  });
  return parts;
}

/** Hours after noon for which there were runs, oldest first, with what became of them. */
async function ran({ runs }: RetrainParts): Promise<readonly (readonly [number, string])[]> {
  return (await runs.runs(50))
    .map(({ due, state }) => [((due ?? 0) - Math.floor(noon / HOUR) * HOUR) / HOUR, state] as const)
    .reverse();
}

describe('a schedule of retrainings', () => {
  it('a schedule that begins retrains at its next time, and at each one once', async () => {
    const parts = await keepUntil(noon + 3.2 * HOUR);
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      [1, 'promoted'],
      [2, 'promoted'],
      [3, 'promoted'],
    ]);
    expect(texts('warn')).toEqual([]);
    expect(logged.find(([, text]) => text === 'retraining is done')?.[2]).toMatchObject({
      ...{ due: '2027-01-15T13:00:00.000Z', next: '2027-01-15T14:00:00.000Z', answer: 'promoted' },
    });
  });

  it('a time that passed while no process ran is reported and made up once, of several the last', async () => {
    await keepUntil(noon + 0.1 * HOUR);
    clock.at = noon + 4.2 * HOUR;
    const parts = await keepUntil(clock.at + 0.2 * HOUR);
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      [4, 'promoted'],
    ]);
    expect(texts('warn')).toEqual(['a retraining was missed and is made up once']);
  });

  it('a time that the clock jumped over is made up once', async () => {
    let hasJumped = false;
    clock.onSleep = () => {
      if (hasJumped || clock.at < noon + 0.2 * HOUR) return;
      hasJumped = true;
      clock.at += 2.1 * HOUR;
    };
    const parts = await keepUntil(noon + 2.4 * HOUR);
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      [2, 'promoted'],
    ]);
    expect(texts('warn')).toHaveLength(1);
  });

  it('a clock that was ahead for a while keeps no time of the schedule from being run', async () => {
    clock.at = noon + 100 * HOUR;
    await keepUntil(clock.at + 1.1 * HOUR);
    clock.at = noon + HOUR;
    const parts = await keepUntil(clock.at + 1.2 * HOUR);
    expect(await ran(parts)).toEqual([
      [100, 'scheduled'],
      [101, 'promoted'],
      [1, 'scheduled'],
      [2, 'promoted'],
    ]);
  });

  it('of two processes one retrains at each time', async () => {
    const end = noon + 2.2 * HOUR;
    // The one that waits must not let an hour pass while the other one works.
    clock.turnMilliseconds = 10;
    const both = Array.from({ length: 2 }, () => keepUntil(end, { lockSeconds: 3600 }));
    const [parts] = await Promise.all(both);
    const runs = (await ran(parts!)).filter(([, state]) => state !== 'scheduled');
    expect(runs).toEqual([
      [1, 'promoted'],
      [2, 'promoted'],
    ]);
    expect(trained).toBe(2);
    expect(texts('error')).toEqual([]);
  });

  it('an error of a retraining is logged, and the next time is waited for', async () => {
    let attempts = 0;
    const parts = await keepUntil(noon + 2.2 * HOUR, {}, ({ assemble }) => ({
      assemble: async (...given) => {
        if (++attempts === 1) throw new SluiceError('DATA_UNREADABLE', 'the disk is broken');
        return await assemble(...given);
      },
    }));
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      [1, 'failed'],
      [2, 'promoted'],
    ]);
    const errors = logged.filter(([level]) => level === 'error');
    expect(errors).toEqual([
      ['error', 'the retraining failed', { code: 'DATA_UNREADABLE', error: 'the disk is broken' }],
    ]);
  });

  it('a time at which the database does not answer is tried again until it does', async () => {
    let asked = 0;
    const parts = await keepUntil(noon + 1.2 * HOUR, {}, ({ runs }) => {
      const away = async () => {
        throw new SluiceError('STORE_FAILED', 'it does not answer', { retriable: true });
      };
      return {
        runs: new Proxy(runs, {
          get: (target, name: keyof typeof runs) =>
            name === 'hold' && ++asked <= 3
              ? away
              : typeof target[name] === 'function'
                ? (target[name].bind(target) as unknown)
                : target[name],
        }),
      };
    });
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      [1, 'promoted'],
    ]);
    expect(texts('error')).toEqual(Array.from({ length: 3 }, () => 'the retraining failed'));
  });

  it('a promotion that was cut off is tried again before the next time', async () => {
    let pushes = 0;
    const parts = await keepUntil(noon + 1.4 * HOUR, {}, ({ push }) => ({
      push: async (model) => {
        if (++pushes <= 5) throw new SluiceError('MODEL_STORE_FAILED', 'away', { retriable: true });
        await push(model);
      },
    }));
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      [1, 'promoted'],
    ]);
    expect([trained, pushes]).toEqual([1, 6]);
  });

  it('a time whose process is killed each time is given up after some attempts', async () => {
    await keepUntil(noon + 0.1 * HOUR);
    const killed = async () => {
      const { runs } = await worldOf({ folder, clock });
      await runs.hold(`k${++holders}`, 1000);
      await runs.begin(`k${holders}`, { by: 'ada', gate: 'sound', due: Math.floor(noon / HOUR + 1) * HOUR });
      await runs.close();
      clock.at += 2000;
    };
    clock.at = noon + HOUR;
    for (let kill = 0; kill < MOST_ATTEMPTS; kill++) await killed();
    // Marks the last one.
    const { runs } = await worldOf({ folder, clock });
    await runs.hold('other', 1000);
    await runs.release('other');
    await runs.close();
    const parts = await keepUntil(clock.at + 0.2 * HOUR);
    expect(await ran(parts)).toEqual([
      [0, 'scheduled'],
      ...Array.from({ length: MOST_ATTEMPTS }, () => [1, 'abandoned']),
    ]);
    expect(trained).toBe(0);
  });
});
