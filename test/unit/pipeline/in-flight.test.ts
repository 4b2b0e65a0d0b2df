import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../src/core/byte-budget.ts';
import { InFlight, type InFlightOptions } from '../../../src/pipeline/in-flight.ts';
import { batchOf, turn } from './fakes.ts';
import { gate } from './test-pipeline.ts';

const never = new AbortController().signal;

function inFlightOf(options: Partial<InFlightOptions> = {}) {
  const budget = options.budget ?? new ByteBudget(1_000_000);
  let rooms = 0;
  const inFlight = new InFlight({
    maxScoring: 2,
    maxPerPartition: 4,
    onRoom: () => rooms++,
    ...options,
    budget,
  });
  return { inFlight, budget, rooms: () => rooms };
}

/** Whether it resolves without anything else happening. */
async function resolves(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  for (let i = 0; i < 5; i++) await turn();
  return done;
}

describe('InFlight', () => {
  it('InFlight releases a scoring slot as soon as a batch is scored, however long a sink takes after that', async () => {
    const { inFlight } = inFlightOf();
    const sink = gate();
    const scoring = gate();
    for (let i = 0; i < 2; i++)
      inFlight.enter(batchOf(['a'], { partition: i }), async (scored) => {
        await scoring.opened;
        scored();
        await sink.opened;
      });
    expect(await resolves(inFlight.whenSlot(never))).toBe(false);
    scoring.open();
    expect(await resolves(inFlight.whenSlot(never))).toBe(true);
    expect(await resolves(inFlight.whenNoneIsScored())).toBe(true);
    expect([inFlight.count, await resolves(inFlight.whenEmpty())]).toEqual([2, false]);
    sink.open();
    expect(await resolves(inFlight.whenEmpty())).toBe(true);
  });

  it('InFlight releases a slot once, whether or not the work reports that it has scored', async () => {
    const { inFlight } = inFlightOf({ maxScoring: 1 });
    inFlight.enter(batchOf(['a']), async (scored) => {
      scored();
      scored();
    });
    inFlight.enter(batchOf(['b']), async () => {});
    await inFlight.whenEmpty();
    const held = gate();
    inFlight.enter(batchOf(['c']), () => held.opened);
    expect(await resolves(inFlight.whenSlot(never))).toBe(false);
    held.open();
    expect(await resolves(inFlight.whenSlot(never))).toBe(true);
  });

  it('InFlight is full for one partition alone, and notifies once when it has room again', async () => {
    const { inFlight, rooms } = inFlightOf({ maxScoring: 100, maxPerPartition: 2 });
    const held = gate();
    for (let i = 0; i < 3; i++) inFlight.enter(batchOf(['a'], { partition: 1 }), () => held.opened);
    expect([1, 2].map((partition) => inFlight.isFull({ topic: 'chat', partition }))).toEqual([true, false]);
    expect(await resolves(inFlight.whenSlot(never))).toBe(true);
    expect(rooms()).toBe(0);
    held.open();
    await inFlight.whenEmpty();
    expect([inFlight.isFull({ topic: 'chat', partition: 1 }), rooms()]).toEqual([false, 1]);
  });

  it('InFlight is full for a partition that uses a quarter of the memory, however few its batches are', async () => {
    const { inFlight } = inFlightOf({ budget: new ByteBudget(400), maxScoring: 100 });
    inFlight.enter(batchOf(['x'.repeat(100)], { partition: 1 }), () => gate().opened);
    expect([1, 2].map((partition) => inFlight.isFull({ topic: 'chat', partition }))).toEqual([true, false]);
  });

  it('InFlight stays full until enough batches have ended, by number and by memory', async () => {
    const at = { topic: 'chat', partition: 1 };
    for (const options of [{ maxPerPartition: 2 }, { maxPerPartition: 9, budget: new ByteBudget(400) }]) {
      const { inFlight, rooms } = inFlightOf({ maxScoring: 100, ...options });
      const held = [gate(), gate(), gate()];
      for (const each of held) inFlight.enter(batchOf(['x'.repeat(50)], { partition: 1 }), () => each.opened);
      const states: [boolean, number][] = [];
      for (const each of held) {
        each.open();
        for (let i = 0; i < 5; i++) await turn();
        states.push([inFlight.isFull(at), rooms()]);
      }
      expect(states).toEqual([
        [true, 0],
        [false, 1],
        [false, 1],
      ]);
    }
  });

  it('InFlight charges a batch that its source has not charged, and releases what was charged once', async () => {
    const { inFlight, budget } = inFlightOf();
    const held = gate();
    inFlight.enter(batchOf(['12345', '678']), () => held.opened);
    expect(budget.used).toBe(8);
    budget.charge(100);
    inFlight.enter({ ...batchOf(['12345']), chargedBytes: 100 }, () => held.opened);
    expect(budget.used).toBe(108);
    held.open();
    await inFlight.whenEmpty();
    expect(budget.used).toBe(0);
  });

  it('InFlight counts keys and headers as part of the size of a batch', async () => {
    const { inFlight, budget } = inFlightOf();
    const [message] = batchOf(['12345']).messages;
    const headers = { ab: new Uint8Array(10), cd: [new Uint8Array(20), new Uint8Array(30)] };
    const heavy = { ...message!, key: new Uint8Array(7), headers };
    inFlight.enter({ ...batchOf(['12345']), messages: [heavy] }, () => gate().opened);
    expect(budget.used).toBe(5 + 7 + 4 + 60);
  });

  it('InFlight has no slot while the memory budget is used up, unless nothing is in flight', async () => {
    const { inFlight, budget } = inFlightOf({ budget: new ByteBudget(10), maxScoring: 100 });
    expect(await resolves(inFlight.whenSlot(never))).toBe(true);
    const held = gate();
    inFlight.enter(batchOf(['much more than ten bytes']), () => held.opened);
    expect([budget.isExhausted, await resolves(inFlight.whenSlot(never))]).toEqual([true, false]);
    held.open();
    expect(await resolves(inFlight.whenSlot(never))).toBe(true);
  });

  it('InFlight leaves the memory budget to a source that charges it: charged batches may be pulled', async () => {
    const { inFlight, budget } = inFlightOf({ budget: new ByteBudget(10), maxScoring: 100 });
    budget.charge(50);
    inFlight.enter({ ...batchOf(['a']), chargedBytes: 20 }, () => gate().opened);
    expect([budget.isExhausted, await resolves(inFlight.whenSlot(never))]).toEqual([true, true]);
  });

  it('InFlight lets a source be pulled that has charged all the memory before its first batch', async () => {
    const { inFlight, budget } = inFlightOf({ budget: new ByteBudget(10) });
    budget.charge(50);
    expect(await resolves(inFlight.whenSlot(never))).toBe(true);
  });

  it('InFlight ends a wait for a slot when it is stopped', async () => {
    const { inFlight } = inFlightOf({ maxScoring: 1 });
    inFlight.enter(batchOf(['a']), () => gate().opened);
    const stop = new AbortController();
    const waiting = inFlight.whenSlot(stop.signal);
    expect(await resolves(waiting)).toBe(false);
    stop.abort();
    expect(await resolves(waiting)).toBe(true);
  });
});
