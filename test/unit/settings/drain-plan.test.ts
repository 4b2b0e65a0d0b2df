import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drainPlan } from '../../../src/settings/drain-plan.ts';

it('drainPlan gives up sinks early enough for four steps and the end of the process, and not before most of the time has passed', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 3600, noNaN: true }), (deadlineSeconds) => {
      const { giveUpSeconds, stepSeconds } = drainPlan(deadlineSeconds);
      expect(giveUpSeconds).toBeGreaterThanOrEqual(0.6 * deadlineSeconds - 1e-9);
      expect(giveUpSeconds + 5 * stepSeconds).toBeLessThanOrEqual(deadlineSeconds + 1e-9);
      expect(stepSeconds).toBeGreaterThan(0);
    }),
  );
});

it('drainPlan reserves eight seconds of the default deadline', () => {
  expect(drainPlan(20)).toEqual({ giveUpSeconds: 12, stepSeconds: 1.6 });
});
