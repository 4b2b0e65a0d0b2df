import { describe, expect, it } from 'vitest';
import { type DaemonPart, OpenedPart, PartList } from '../../../../src/app/daemon/part-list.ts';
import { drainPlan } from '../../../../src/settings/drain-plan.ts';
import { RecordingLog, TurnClock } from '../../pipeline/fakes.ts';

interface Behavior {
  readonly start?: () => void | Promise<void>;
  readonly stop?: () => Promise<void>;
}

/** Parts by name, and what was done to them, in order. */
function partsOf(behaviors: Readonly<Record<string, Behavior>>) {
  const log = new RecordingLog();
  const clock = new TurnClock();
  const done: string[] = [];
  const parts = Object.entries(behaviors).map(
    ([name, { start, stop }]): DaemonPart => ({
      name,
      start: () => {
        done.push(`start ${name}`);
        return start?.();
      },
      stop: async () => {
        done.push(`stop ${name}`);
        await stop?.();
      },
    }),
  );
  return { list: new PartList(parts, log, clock), log, clock, done };
}

const fails = (text: string) => async () => {
  throw new Error(text);
};
const hangs = () => new Promise<void>(() => {});

describe('PartList', () => {
  it('PartList starts each part after the previous one has started, and stops them in reverse order', async () => {
    const { list, clock, done } = partsOf({
      claim: {
        start: async () => {
          await clock.sleep(10);
          done.push('claim has started');
        },
      },
      pipeline: {},
      listeners: {},
    });
    await list.start();
    await list.stop();
    expect(done).toEqual([
      'start claim',
      'claim has started',
      'start pipeline',
      'start listeners',
      'stop listeners',
      'stop pipeline',
      'stop claim',
    ]);
  });

  it('PartList stops each part once, even if it is stopped again', async () => {
    const { list, done } = partsOf({ claim: {} });
    await list.start();
    await list.stop();
    await list.stopAfterFailure();
    expect(done).toEqual(['start claim', 'stop claim']);
  });

  it('PartList starts a part without a stop function, and skips it when it stops', async () => {
    const log = new RecordingLog();
    let started = 0;
    const list = new PartList([{ name: 'progress', start: () => void started++ }], log);
    await list.start();
    await list.stop();
    expect(started).toBe(1);
    expect(log.lines).toEqual([]);
  });

  it.each([
    ['rejects', async () => Promise.reject(new Error('no broker'))],
    [
      'throws at once',
      () => {
        throw new Error('no broker');
      },
    ],
  ])(
    'PartList, if a start %s, stops the parts that have started, starts no other, and throws the error',
    async (_, start) => {
      const { list, done } = partsOf({ claim: {}, model: {}, pipeline: { start }, listeners: {} });
      await expect(list.start()).rejects.toThrow('no broker');
      const all = ['start claim', 'start model', 'start pipeline', 'stop model', 'stop claim'];
      expect(done).toEqual(all);
      await list.stop();
      expect(done).toEqual(all);
    },
  );

  it('PartList throws the error of a failed start, and logs the error of a stop that fails after it', async () => {
    const { list, log, done } = partsOf({
      claim: {},
      model: { stop: fails('still loading') },
      pipeline: { start: fails('no broker') },
    });
    await expect(list.start()).rejects.toThrow('no broker');
    expect(done).toEqual(['start claim', 'start model', 'start pipeline', 'stop model', 'stop claim']);
    expect(log.lines.map(({ level, fields, text }) => [level, fields, text])).toEqual([
      ['error', { part: 'model', error: 'still loading' }, 'a part could not be closed'],
    ]);
  });

  it('PartList stops all other parts if a stop throws, logs it, and throws the first failure', async () => {
    const { list, log, done } = partsOf({
      claim: { stop: fails('gone') },
      pipeline: {},
      listeners: { stop: fails('busy') },
      status: {},
    });
    await list.start();
    await expect(list.stop()).rejects.toThrow('busy');
    expect(done.slice(4)).toEqual(['stop status', 'stop listeners', 'stop pipeline', 'stop claim']);
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { part: 'listeners', error: 'busy' },
      { part: 'claim', error: 'gone' },
    ]);
  });

  it('PartList stops all other parts after a failed run if a stop hangs, within one step of the drain plan', async () => {
    const { list, log, clock, done } = partsOf({
      claim: {},
      sinks: { stop: hangs },
      listeners: {},
      follower: { stop: hangs },
    });
    await list.start();
    const { stepSeconds } = drainPlan(30);
    const before = clock.elapsed();
    await list.stopAfterFailure({ withinSeconds: stepSeconds });
    expect(done.slice(4)).toEqual(['stop follower', 'stop listeners', 'stop sinks', 'stop claim']);
    expect(clock.elapsed() - before).toBeCloseTo(stepSeconds);
    expect(log.lines.map(({ fields, text }) => [fields, text])).toEqual([
      [{ part: 'follower' }, 'a part did not close in time'],
      [{ part: 'sinks' }, 'a part did not close in time'],
    ]);
  });
});

describe('OpenedPart', () => {
  it('OpenedPart provides what its start has opened, also while and after it is closed', async () => {
    const closed: string[] = [];
    const part: OpenedPart<string> = new OpenedPart(
      'the store',
      async () => 'opened',
      async (value) => void closed.push(value + part.opened),
    );
    await part.start();
    expect(part.opened).toBe('opened');
    await part.stop();
    expect(closed).toEqual(['openedopened']);
    expect(part.opened).toBe('opened');
  });

  it('OpenedPart throws an error with its name if it is used before its start, or after a failed start', async () => {
    const part = new OpenedPart('the store', fails('no disk'), async () => {});
    expect(() => part.opened).toThrow('the store');
    await expect(part.start()).rejects.toThrow('no disk');
    expect(() => part.opened).toThrow('the store');
  });
});
