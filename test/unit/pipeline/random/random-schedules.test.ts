import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LifePlan, live, type WorldPlan } from './lives.ts';

const kind = fc.constantFrom('spam', 'spam', 'ham', 'review', 'unscorable', 'broken', 'kill');

const life: fc.Arbitrary<LifePlan> = fc.record({
  end: fc.constantFrom('source', 'drain', 'late', 'crash'),
  atStep: fc.nat({ max: 120 }),
  faults: fc.nat({ max: 25 }),
  revokes: fc.nat({ max: 3 }),
});

const world: fc.Arbitrary<WorldPlan> = fc.record({
  seed: fc.integer(),
  partitions: fc.array(fc.array(kind, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
  lives: fc.array(life, { maxLength: 4 }),
  isTraced: fc.boolean(),
  charges: fc.boolean(),
  skips: fc.boolean(),
  maxInFlight: fc.integer({ min: 1, max: 4 }),
  budgetBytes: fc.integer({ min: 1, max: 400 }),
});

it('over random schedules of failures, revokes, drains, crashes and clock steps each message has its one outcome, and no offset is ahead of it', async () => {
  const runs = Number(process.env.RANDOM_SCHEDULES ?? 400);
  await fc.assert(fc.asyncProperty(world, live), { numRuns: runs, endOnFailure: false });
  expect(runs).toBeGreaterThan(0);
}, 600_000);
