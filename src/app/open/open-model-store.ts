import { ZooKeeperActivation } from '../../adapters/zookeeper/zookeeper-activation.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from './adapters.ts';

/** The model store that the settings name. */
export function openModelStore({ model }: Pick<Settings, 'model'>): ModelStore {
  return adapters.models[model.store].store(model);
}

/** Where it is recorded which model is active: in ZooKeeper where it is used, else beside the models. */
export function openModelActivation({ model, zookeeper }: Settings): ModelActivation {
  const { hosts, path: keys, auth, deadlineSeconds } = zookeeper;
  if (hosts !== undefined) return new ZooKeeperActivation({ hosts, auth, deadlineSeconds }, keys);
  return adapters.models[model.store].activation(model);
}
