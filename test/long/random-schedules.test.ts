import fc from 'fast-check';
import { it } from 'vitest';
import { live } from '../unit/pipeline/random/lives.ts';
import { world } from '../unit/pipeline/random/worlds.ts';

it(
  'over 50,000 random schedules of failures, revokes, drains, crashes and clock steps each message has exactly one outcome, and no offset is committed before it',
  () => fc.assert(fc.asyncProperty(world, live), { numRuns: 50_000 }),
  3_600_000,
);
