import fc from 'fast-check';
import { everything, onlySynced, type Survivors } from './disk-model.ts';
import type { Fault, FaultPlan, OperationName } from './memory-disk.ts';

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    code: fc.constantFrom('EIO', 'ENOSPC', 'EMFILE', 'EROFS'),
    afterwards: fc.boolean(),
  }),
  fc.record({ code: fc.constant('ENOSPC'), shortBy: fc.integer({ min: 1, max: 60 }) }),
);

/** What goes wrong at the first operations, one after the other; behind them everything works. */
export const faults = fc.array(
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 8 }, { arbitrary: fault, weight: 1 }),
  { maxLength: 150, size: 'max' },
);

/** Gives each operation the next fault of the list. `spared`: operations that never fail. */
export function planOf(
  list: readonly (Fault | undefined)[],
  spared: ReadonlySet<OperationName> = new Set(),
): FaultPlan {
  let next = 0;
  return (operation) => (spared.has(operation) ? undefined : list[next++]);
}

/** What survives a power cut of what was not synced, by chance. */
export const chance: fc.Arbitrary<readonly number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 1,
  maxLength: 8,
});

/** The two ends and one way between them. */
export function waysToSurvive(fractions: readonly number[]): readonly Survivors[] {
  let next = 0;
  return [
    onlySynced,
    everything,
    (pending) => Math.round(pending * (fractions[next++ % fractions.length] ?? 0)),
  ];
}
