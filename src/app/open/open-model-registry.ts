import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from './adapters.ts';

/** The table of models in the database that the settings name. Nothing is opened before it is asked. */
export function openModelRegistry({ store }: Pick<Settings, 'store'>): ModelRegistry {
  return adapters.store[store.kind].registry(store);
}
