import { afterEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../services/recorded.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';
import { offsetsOf, openedOn, pullAll, pullSoon } from './opened-source.ts';
import type { SteppedClock } from './stepped-clock.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  vi.restoreAllMocks();
});

/** Sets the wall clock of the whole process, that of kafkajs too. */
function setWallClock(clock: SteppedClock, seconds: number): void {
  clock.wallSeconds += seconds;
  vi.spyOn(Date, 'now').mockImplementation(() => clock.now());
}

describe('a step of the wall clock', () => {
  it.each([-3600, -10, 3600])(
    'a step of the wall clock of %i s delays no message, and the member stays in its group',
    async (step) => {
      const kafka = new InMemoryKafka();
      const { source, clock, log } = await openedOn(kafka, { maxMessages: 100, maxAgeSeconds: 0.05 });
      closing.push(() => source.close());
      kafka.put(0, ['waiting']);
      setWallClock(clock, step);
      expect(source.trouble()).toBeUndefined();
      const [waiting] = await pullAll(source, 1);
      expect(waiting).toMatchObject({ nextOffset: 1 });
      await source.commit([waiting!]);
      kafka.put(0, ['after']);
      expect(offsetsOf(await pullAll(source, 1))).toEqual([1]);
      const { heartbeats } = kafka.group;
      await until(() => kafka.group.heartbeats > heartbeats + 1);
      expect(source.trouble()).toBeUndefined();
      // Set back, kafkajs would send no heartbeat until it has caught up; another consumer does at once.
      expect(source.consumersBuilt).toBe(step < 0 ? 2 : 1);
      const reasons = log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
      if (step < 0)
        expect(reasons[0]).toMatchObject({
          error: `the system's clock was set back by ${-step} s, for which the client would send no heartbeat`,
        });
      else expect(reasons).toEqual([]);
    },
  );

  // Back by less than what costs the membership, with which the buffer would be emptied.
  it.each([-2, 3600])(
    'a step of the wall clock of %i s does not change when a waiting message is due',
    async (step) => {
      const kafka = new InMemoryKafka();
      const { source, clock } = await openedOn(kafka, { maxMessages: 100, maxAgeSeconds: 60 });
      closing.push(() => source.close());
      kafka.put(0, ['waiting']);
      // What follows it is asked for once it is in the buffer.
      await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 1));
      setWallClock(clock, step);
      expect(await pullSoon(source)).toBeUndefined();
      clock.aheadSeconds += 60;
      expect(await pullSoon(source)).toMatchObject({ nextOffset: 1 });
    },
  );

  it('a step of the wall clock back by one second has no effect', async () => {
    const kafka = new InMemoryKafka();
    const { source, clock } = await openedOn(kafka);
    closing.push(() => source.close());
    setWallClock(clock, -1);
    const { heartbeats } = kafka.group;
    await until(() => kafka.group.heartbeats > heartbeats + 3);
    expect(source.consumersBuilt).toBe(1);
  });

  it('a step of the wall clock back does not lose what is settled, which is committed before the group is left', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a', 'b']);
    const settled: Parameters<typeof source.commit>[0][number][] = [];
    const { source, clock } = await openedOn(kafka, { revoking: () => source.commit(settled) });
    closing.push(() => source.close());
    settled.push(...(await pullAll(source, 2)));
    setWallClock(clock, -60);
    await until(() => source.consumersBuilt === 2 && kafka.group.isStable);
    expect(kafka.group.commits).toEqual([[0, 2, 1]]);
    expect(await pullSoon(source)).toBeUndefined();
  });
});
