import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ReviewSpool } from '../../adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../adapters/file/spooling-review-store.ts';
import { openLibsqlErasure } from '../../adapters/libsql/libsql-erasure.ts';
import { openLibsqlLabelStore } from '../../adapters/libsql/libsql-label-store.ts';
import { libsqlModelRegistry } from '../../adapters/libsql/libsql-model-registry.ts';
import { openLibsqlRetrainStore } from '../../adapters/libsql/libsql-retrain-store.ts';
import { openLibsqlTrainingData } from '../../adapters/libsql/libsql-training-data.ts';
import { openLibsqlStores } from '../../adapters/libsql/open-libsql-stores.ts';
import { mysqlAccountStore } from '../../adapters/mysql/mysql-account-store.ts';
import { mysqlDecisionStore } from '../../adapters/mysql/mysql-decision-store.ts';
import { mysqlErasure } from '../../adapters/mysql/mysql-erasure.ts';
import { mysqlLabelStore } from '../../adapters/mysql/mysql-label-store.ts';
import { mysqlModelRegistry } from '../../adapters/mysql/mysql-model-registry.ts';
import type { MysqlOptions } from '../../adapters/mysql/mysql-options.ts';
import { mysqlRetrainStore } from '../../adapters/mysql/mysql-retrain-store.ts';
import { MysqlReviewStore } from '../../adapters/mysql/mysql-review-store.ts';
import { mysqlTrainingData } from '../../adapters/mysql/mysql-training-data.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { ConsoleStores, StoreKind } from './kinds.ts';

/** A file of the embedded database. */
export const libsqlStore: StoreKind = {
  open: ({ libsql }) => openLibsqlStores(libsql.path),
  openConsole: async ({ libsql }) => {
    const { reviews, decisions, accounts } = await openLibsqlStores(libsql.path);
    await reviews.close();
    return { decisions, accounts };
  },
  openLabels: ({ libsql }) => openLibsqlLabelStore(libsql.path),
  openTrainingData: ({ libsql }) => openLibsqlTrainingData(libsql.path),
  registry: ({ libsql }) => libsqlModelRegistry(libsql.path),
  openRetrainings: ({ libsql }) => openLibsqlRetrainStore(libsql.path),
  // Erasing must not make a file.
  erasure: async ({ libsql }) => (existsSync(libsql.path) ? openLibsqlErasure(libsql.path) : undefined),
  hasSpool: false,
  locationOf: ({ libsql }) => libsql.path,
};

/** A MySQL server, with a spool on this machine for rows that come while it is unavailable. */
export const mysqlStore: StoreKind = {
  open: async ({ mysql, spool }, telemetry, log) => {
    const spooled = await ReviewSpool.open({
      folder: spool.path,
      maxBytes: spool.maxMebibytes * 2 ** 20,
      log: log.child('spool'),
    });
    const options = await mysqlOptions(mysql);
    const store = await MysqlReviewStore.open({
      options,
      telemetry,
      log: log.child('mysql'),
    });
    const reviews = new SpoolingReviewStore({
      store,
      spool: spooled,
      telemetry,
      log: log.child('spool'),
      clock: systemClock,
    });
    // Over connections of its own: people do not wait for the batches of the pipeline, nor it for them.
    return { reviews, ...consoleStores(options) };
  },
  openConsole: async ({ mysql }) => consoleStores(await mysqlOptions(mysql)),
  openLabels: async ({ mysql }) => mysqlLabelStore(await mysqlOptions(mysql)),
  openTrainingData: async ({ mysql }) => mysqlTrainingData(await mysqlOptions(mysql)),
  registry: (store) => {
    const registry = async () => mysqlModelRegistry(await mysqlOptions(store.mysql));
    return {
      location: `the table models of ${mysqlStore.locationOf(store)}`,
      pushed: async (model) => await (await registry()).pushed(model),
      activated: async (model, decision) => await (await registry()).activated(model, decision),
      refused: async (version, refusal) => await (await registry()).refused(version, refusal),
      compared: async (model, gate) => await (await registry()).compared(model, gate),
      list: async () => await (await registry()).list(),
      sha256Of: async (version) => await (await registry()).sha256Of(version),
    };
  },
  openRetrainings: async ({ mysql }) => mysqlRetrainStore(await mysqlOptions(mysql)),
  erasure: async ({ mysql }) => mysqlErasure(await mysqlOptions(mysql)),
  hasSpool: true,
  locationOf: ({ mysql }) => `mysql://${mysql.host}:${mysql.port}/${mysql.database}`,
};

function consoleStores(options: MysqlOptions): ConsoleStores {
  return { decisions: mysqlDecisionStore(options), accounts: mysqlAccountStore(options) };
}

/** Reads the certificate of the authority and the key of the server where the settings name them. Throws `SETTINGS_INVALID`. */
export async function mysqlOptions({
  tls,
  serverPublicKey,
  allowPasswordWithoutTls: _,
  ...mysql
}: Settings['store']['mysql']): Promise<MysqlOptions> {
  const ca = tls.mode === 'off' ? undefined : await pemOf('store.mysql.tls.ca', tls.ca);
  const key = await pemOf('store.mysql.serverPublicKey', serverPublicKey);
  return {
    ...mysql,
    tls: { mode: tls.mode, ...(ca === undefined ? {} : { ca }) },
    ...(key === undefined ? {} : { serverPublicKey: key }),
  };
}

async function pemOf(setting: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SluiceError(
      'SETTINGS_INVALID',
      `${setting} cannot be read (${describeError(error)}); give the path of a PEM file`,
      { cause: error },
    );
  }
}
