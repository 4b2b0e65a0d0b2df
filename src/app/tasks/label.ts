import type { LabelLeases } from '../../ports/label-leases.ts';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';

/** The training table of the settings, to be labeled. */
export interface OpenLabels {
  readonly store: LabelStore;
  readonly search: LabelSearch;
  readonly leases: LabelLeases;
  close(): Promise<void>;
}

/** Opens the training table over connections of its own. Throws `STORE_FAILED`, and `SETTINGS_INVALID` for a key that cannot be read. */
export async function labelStoreOf(
  { store: settings }: Pick<Settings, 'store'>,
  log: Log,
): Promise<OpenLabels> {
  const kind = adapters.store[settings.kind];
  log.debug({ store: kind.locationOf(settings) }, 'opening the training table');
  const { store, search, leases } = await kind.openLabels(settings);
  let isUsed = false;
  return {
    store,
    search,
    leases: {
      claim: (rows) => {
        isUsed = true;
        return leases.claim(rows);
      },
      release: (rows) => leases.release(rows),
    },
    close: async () => {
      // What is not given back is free by itself two minutes later.
      if (isUsed) await leases.releaseAll().catch(() => undefined);
      await store.close();
    },
  };
}
