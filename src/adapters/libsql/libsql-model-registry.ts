import { existsSync } from 'node:fs';
import { SluiceError } from '../../core/errors.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import { SqlModelRegistry } from '../sql/sql-model-registry.ts';
import { storeFailed } from './libsql-review-store.ts';
import { type LibsqlSystem, openLibsql } from './open-libsql.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';

/** A daemon on the same file holds it for the time of a batch. */
const ATTEMPTS = 20;
const WAIT_MS = 100;

/** The table `models` in a file, which is opened for each call: models are pushed and activated rarely. */
export function libsqlModelRegistry(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): ModelRegistry {
  const location = `the table models of ${path}`;
  const opened = async <T>(use: (registry: SqlModelRegistry) => Promise<T>): Promise<T> => {
    const { database, walSync } = await openLibsql(path, system);
    try {
      const makeDurable = () => walSync.sync();
      return await use(
        new SqlModelRegistry({ database, flavour: sqliteFlavour, location, makeDurable, now }),
      );
    } finally {
      await database.destroy();
      await walSync.close();
    }
  };
  const asked = async <T>(use: (registry: SqlModelRegistry) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++)
      try {
        return await opened(use);
      } catch (error) {
        const failed = error instanceof SluiceError ? error : storeFailed(error, path);
        if (!failed.retriable || attempt === ATTEMPTS) throw failed;
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      }
  };
  // Reading must not make a file.
  return {
    location,
    pushed: (model) => asked((registry) => registry.pushed(model)),
    activated: (model, decision) => asked((registry) => registry.activated(model, decision)),
    refused: (version, refusal) => asked((registry) => registry.refused(version, refusal)),
    compared: (model, gate) => asked((registry) => registry.compared(model, gate)),
    list: async () => (existsSync(path) ? await asked((registry) => registry.list()) : []),
    sha256Of: async (version) =>
      existsSync(path) ? await asked((registry) => registry.sha256Of(version)) : undefined,
  };
}
