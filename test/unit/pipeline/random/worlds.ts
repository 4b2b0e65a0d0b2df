import fc from 'fast-check';
import type { LifePlan, WorldPlan } from './lives.ts';

const kind = fc.constantFrom('spam', 'spam', 'ham', 'review', 'unscorable', 'broken', 'kill');

const life: fc.Arbitrary<LifePlan> = fc.record({
  end: fc.constantFrom('source', 'drain', 'late', 'crash'),
  atStep: fc.nat({ max: 120 }),
  faults: fc.nat({ max: 25 }),
  revokes: fc.nat({ max: 3 }),
});

/** Messages, and the processes that are to see to them one after the other. */
export const world: fc.Arbitrary<WorldPlan> = fc.record({
  seed: fc.integer(),
  partitions: fc.array(fc.array(kind, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
  lives: fc.array(life, { maxLength: 4 }),
  isTraced: fc.boolean(),
  charges: fc.boolean(),
  skips: fc.boolean(),
  maxInFlight: fc.integer({ min: 1, max: 4 }),
  budgetBytes: fc.integer({ min: 1, max: 400 }),
});
