import { readFile } from 'node:fs/promises';
import { ReviewSpool } from '../../adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../adapters/file/spooling-review-store.ts';
import { openLibsqlReviewStore } from '../../adapters/libsql/libsql-review-store.ts';
import type { MysqlOptions } from '../../adapters/mysql/mysql-options.ts';
import { MysqlReviewStore } from '../../adapters/mysql/mysql-review-store.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** The review store that the settings name; before MySQL stands a spool, for while it is away. Throws `STORE_FAILED`. */
export async function openReviewStore(
  settings: Settings['store'],
  telemetry: Telemetry,
  log: Log,
): Promise<ReviewStore> {
  if (settings.kind === 'libsql') return openLibsqlReviewStore(settings.libsql.path);
  const spool = await ReviewSpool.open({
    folder: settings.spool.path,
    maxBytes: settings.spool.maxMebibytes * 2 ** 20,
    log: log.child('spool'),
  });
  const store = await MysqlReviewStore.open({
    options: await mysqlOptions(settings.mysql),
    telemetry,
    log: log.child('mysql'),
  });
  return new SpoolingReviewStore({ store, spool, telemetry, log: log.child('spool'), clock: systemClock });
}

/** Where the review store is, for people. */
export function reviewPlace({ kind, libsql, mysql }: Settings['store']): string {
  return kind === 'libsql' ? libsql.path : `mysql://${mysql.host}:${mysql.port}/${mysql.database}`;
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
