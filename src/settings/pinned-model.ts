import type { Origin } from './layer.ts';
import type { Settings } from './settings-schema.ts';

/**
 * The `model.version` that a daemon with these settings obeys whatever is activated; undefined where it follows the activation. With
 * ZooKeeper an activation is the setting, and only environment and flags override it.
 */
export function pinnedModel(
  { model, zookeeper }: Pick<Settings, 'model' | 'zookeeper'>,
  origin: Origin = { kind: 'default' },
): string | undefined {
  const isPinned =
    zookeeper.hosts === undefined
      ? model.version !== 'active'
      : origin.kind === 'environment' || origin.kind === 'flag';
  return isPinned ? model.version : undefined;
}
