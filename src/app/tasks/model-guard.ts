import type { GuardedVersion, GuardStore } from '../../ports/guard-store.ts';
import { confirmModel as confirmIn, MOST_GUARDED } from '../../review/confirm-model.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { whoIsThis } from '../models/manage-models.ts';
import { adapters } from '../open/adapters.ts';

/** What the guard knows of the versions that became active, the one that changed last first. Throws `STORE_FAILED`. */
export async function guardedVersions({
  store,
}: Pick<Settings, 'store'>): Promise<readonly GuardedVersion[]> {
  return await withGuard(store, (guard) => guard.list(MOST_GUARDED));
}

/** As {@link confirmIn}, by the person whom this process belongs to. */
export async function confirmModel(
  { store }: Pick<Settings, 'store'>,
  version: string,
  reason: string,
): Promise<GuardedVersion | undefined> {
  const actor = { name: whoIsThis(), role: 'admin' } as const;
  return await withGuard(store, (guard) => confirmIn(guard, actor, version, reason));
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
