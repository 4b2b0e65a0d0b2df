import fc from 'fast-check';
import { it } from 'vitest';
import { live } from './lives.ts';
import { world } from './worlds.ts';

it(
  'over random schedules of failures, revokes, drains, crashes and clock steps each message has exactly one outcome, and no offset is committed before it',
  () => fc.assert(fc.asyncProperty(world, live), { numRuns: 400 }),
  600_000,
);
