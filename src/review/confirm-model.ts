import type { Actor } from '../core/decision.ts';
import { requireRole } from '../core/require-role.ts';
import type { GuardedVersion, GuardStore } from '../ports/guard-store.ts';

/** Versions that people are shown. */
export const MOST_GUARDED = 50;

/**
 * Lets the spam of a version through, in all daemons on the database. Undefined where the guard neither watches it nor holds it back: then
 * nothing changes. Throws `ROLE_REFUSED` for all but leads, and `STORE_FAILED`.
 */
export async function confirmModel(
  guard: GuardStore,
  actor: Actor,
  version: string,
  reason: string,
): Promise<GuardedVersion | undefined> {
  requireRole(actor, 'lead', 'confirming a model');
  const row = (await guard.list(MOST_GUARDED)).find((each) => each.version === version);
  if (row?.state !== 'tripped' && row?.state !== 'watching') return undefined;
  return await guard.decide(version, { state: 'confirmed', who: actor.name, why: reason });
}
