import { libsqlModelRegistry } from '../../adapters/libsql/libsql-model-registry.ts';
import { mysqlModelRegistry } from '../../adapters/mysql/mysql-model-registry.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { mysqlOptions, reviewPlace } from './open-review-store.ts';

/** The table of models in the database that the settings name. Nothing is opened before it is asked. */
export function openModelRegistry({ store }: Pick<Settings, 'store'>): ModelRegistry {
  if (store.kind === 'libsql') return libsqlModelRegistry(store.libsql.path);
  const registry = async () => mysqlModelRegistry(await mysqlOptions(store.mysql));
  return {
    place: `the table models of ${reviewPlace(store)}`,
    pushed: async (model) => await (await registry()).pushed(model),
    activated: async (model, decision) => await (await registry()).activated(model, decision),
    list: async () => await (await registry()).list(),
    sha256Of: async (version) => await (await registry()).sha256Of(version),
  };
}
