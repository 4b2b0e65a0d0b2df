import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';

/** The training table of the settings, to be labeled. */
export interface OpenLabels {
  readonly store: LabelStore;
  readonly search: LabelSearch;
  close(): Promise<void>;
}

/** Opens the training table over connections of its own. Throws `STORE_FAILED`, and `SETTINGS_INVALID` for a key that cannot be read. */
export async function labelStoreOf(
  { store: settings }: Pick<Settings, 'store'>,
  log: Log,
): Promise<OpenLabels> {
  const kind = adapters.store[settings.kind];
  log.debug({ store: kind.locationOf(settings) }, 'opening the training table');
  const { store, search } = await kind.openLabels(settings);
  return { store, search, close: () => store.close() };
}
