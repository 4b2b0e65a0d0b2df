import type { GuardedVersion, GuardStore } from '../../ports/guard-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { whoIsThis } from '../models/manage-models.ts';
import { adapters } from '../open/adapters.ts';

/** Versions that people are shown. */
const MOST = 50;

/** What the guard knows of the versions that became active, the one that changed last first. Throws `STORE_FAILED`. */
export async function guardedVersions({
  store,
}: Pick<Settings, 'store'>): Promise<readonly GuardedVersion[]> {
  return await withGuard(store, (guard) => guard.list(MOST));
}

/**
 * Lets the spam of a version through, in all daemons on the database. Undefined where the guard neither watches it nor holds it back: then
 * nothing changes. Throws `STORE_FAILED`.
 */
export async function confirmModel(
  { store }: Pick<Settings, 'store'>,
  version: string,
  reason: string,
): Promise<GuardedVersion | undefined> {
  return await withGuard(store, (guard) => confirmIn(guard, version, { who: whoIsThis(), reason }));
}

/** The same with a store that is open. */
export async function confirmIn(
  guard: GuardStore,
  version: string,
  { who, reason }: { readonly who: string; readonly reason: string },
): Promise<GuardedVersion | undefined> {
  const row = (await guard.list(MOST)).find((each) => each.version === version);
  if (row?.state !== 'tripped' && row?.state !== 'watching') return undefined;
  return await guard.decide(version, { state: 'confirmed', who, why: reason });
}

async function withGuard<T>(store: Settings['store'], use: (guard: GuardStore) => Promise<T>): Promise<T> {
  const { decisions, accounts } = await adapters.store[store.kind].openConsole(store);
  try {
    return await use(decisions.guard);
  } finally {
    await decisions.close();
    await accounts.close();
  }
}
