import { expect, test } from 'vitest';
import type { DecisionPolicy } from '../../../src/core/decision-policy.ts';
import { CurrentPolicy } from '../../../src/scoring/current-policy.ts';

const policy = (rejectMin: number): DecisionPolicy => ({
  default: { rejectMin, rejectMax: 0.9 },
  communities: {},
  exactScores: 'notHam',
  maxMessageBytes: 65_536,
});

test('a policy is replaced as a whole, and each change has a new revision, so that a thread parses it once', () => {
  const active = new CurrentPolicy(policy(0.5));
  expect([active.value, JSON.parse(active.json)]).toEqual([policy(0.5), policy(0.5)]);
  const before = active.revision;
  active.replace(policy(0.6));
  expect([active.value, JSON.parse(active.json)]).toEqual([policy(0.6), policy(0.6)]);
  expect(active.revision).toBeGreaterThan(before);
});
