import type { Log } from '../../ports/log.ts';
import type { ModelDesk } from '../../ports/model-desk.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelManager } from './manage-models.ts';
import { ManagedModelDesk } from './model-desk.ts';

export interface ModelDeskSource {
  readonly settings: Settings;
  readonly admit: (model: LocalModel) => Promise<void>;
  readonly pinned: () => string | undefined;
  /** Left out in a process that is no daemon. */
  readonly scoresWith?: () => string | undefined;
  readonly log: Log;
}

/** What people do with the models that the settings name. Nothing is opened before it is asked. */
export function openModelDesk({ settings, log, ...parts }: ModelDeskSource): ModelDesk {
  const registry = openModelRegistry(settings);
  const manager = openModelManager(settings, (warning) => log.warn({ warning }, 'models'), registry);
  return new ManagedModelDesk({ ...parts, manager, registry, localPath: settings.model.localPath, log });
}
