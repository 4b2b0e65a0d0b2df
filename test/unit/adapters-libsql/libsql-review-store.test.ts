import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlReviewStore, storeFailed } from '../../../src/adapters/libsql/libsql-review-store.ts';
import { sqliteFlavour } from '../../../src/adapters/libsql/sqlite-flavour.ts';
import type { SluiceDatabase } from '../../../src/adapters/sql/database-schema.ts';
import { migrate } from '../../../src/adapters/sql/migrate.ts';
import { migrationsOf } from '../../../src/adapters/sql/migrations.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-libsql-'));
  path = join(folder, 'sluice.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const item: NewReviewItem = {
  community: '',
  message_id: 'm',
  message: 'text',
  sender: null,
  probability: 0.5,
  reasons: [],
  model: 'v',
  position: { topic: 't', partition: 0, offset: 0 },
  origin: 'band',
};

describe('openLibsqlReviewStore', () => {
  it('openLibsqlReviewStore reports a lock of another process as transient, and adds rows once it is released', async () => {
    const store = await openLibsqlReviewStore(path);
    const other = new Database(path);
    other.exec('begin immediate');
    await expect(store.add([item])).rejects.toMatchObject({ code: 'STORE_FAILED', retriable: true });
    other.exec('rollback');
    other.close();
    expect(await store.add([item])).toBe(1);
    await store.close();
  });

  it('openLibsqlReviewStore adds either all rows of a batch or none', async () => {
    const store = await openLibsqlReviewStore(path);
    const broken = { ...item, message_id: 'broken', message: null as unknown as string };
    await expect(store.add([item, broken])).rejects.toMatchObject({ code: 'STORE_FAILED', retriable: false });
    expect((await store.count()).open).toBe(0);
    await store.close();
  });

  it('openLibsqlReviewStore has acknowledged rows on the disk: another reader sees them at once', async () => {
    const store = await openLibsqlReviewStore(path);
    await store.add([item]);
    const reader = new Database(path, { readonly: true });
    expect(reader.prepare('select count(*) as n from review').get([])).toMatchObject({ n: 1 });
    expect(reader.prepare('pragma journal_mode').get([])).toMatchObject({ journal_mode: 'wal' });
    reader.close();
    await store.close();
  });

  it('openLibsqlReviewStore creates the tables of the contract, once', async () => {
    for (let i = 0; i < 2; i++) await (await openLibsqlReviewStore(path)).close();
    const reader = new Database(path, { readonly: true });
    const tables = reader
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all([]);
    expect(tables.map((table) => (table as { name: string }).name)).toEqual(
      expect.arrayContaining(['activity', 'messages', 'models', 'review', 'training']),
    );
    reader.close();
  });

  it('openLibsqlReviewStore finds training words, follows changes of the table, and keeps what an earlier version has written', async () => {
    const earlier = new Kysely<SluiceDatabase>({
      dialect: new SqliteDialect({ database: new Database(path) as unknown as SqliteDatabase }),
    });
    await migrate(earlier, sqliteFlavour, migrationsOf(sqliteFlavour).slice(0, 1));
    await earlier.destroy();
    const writer = new Database(path);
    const add = writer.prepare(
      "insert into training (class, message, community, source) values (1, ?, 'c', 's')",
    );
    add.run(['WIN a Gratis 😀 prize']);
    for (let i = 0; i < 2; i++) await (await openLibsqlReviewStore(path)).close();
    const found = (word: string) =>
      writer
        .prepare('select rowid as id from training_text where training_text match ? order by rowid')
        .all([word])
        .map((row) => (row as { id: number }).id);
    expect(found('gratis')).toEqual([1]);
    add.run(['gratis again']);
    expect(found('gratis')).toEqual([1, 2]);
    writer.exec("update training set message = 'changed' where id = 1; delete from training where id = 2");
    expect([found('gratis'), found('changed')]).toEqual([[], [1]]);
    writer.close();
  });

  it('openLibsqlReviewStore creates the tables once if two processes open the same file at the same time', async () => {
    const stores = await Promise.all([openLibsqlReviewStore(path), openLibsqlReviewStore(path)]);
    expect(await stores[0].add([item])).toBe(1);
    expect((await stores[1].count()).open).toBe(1);
    for (const store of stores) await store.close();
    const reader = new Database(path, { readonly: true });
    expect(reader.prepare('select count(*) as n from sluice_migration').get([])).toMatchObject({
      n: migrationsOf(sqliteFlavour).length,
    });
    reader.close();
  });

  it('openLibsqlReviewStore refuses a file that is not a database, and names it', async () => {
    await writeFile(path, 'not a database'.repeat(100));
    await expect(openLibsqlReviewStore(path)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(path),
    });
  });
});

describe('storeFailed', () => {
  it.each([
    ['SQLITE_FULL', true],
    ['SQLITE_IOERR_FSYNC', true],
    ['SQLITE_BUSY_SNAPSHOT', true],
    ['SQLITE_CONSTRAINT_NOTNULL', false],
    ['SQLITE_CORRUPT', false],
    ['', false],
  ])('a libsql error %j is retriable: %j', (code, retriable) => {
    expect(storeFailed(Object.assign(new Error('failed'), { code }), 'sluice.db').retriable).toBe(retriable);
  });

  it('a libsql error of a failed sync advises to check the disk and start again', () => {
    const error = Object.assign(new Error('EIO: i/o error, fdatasync'), {
      code: 'EIO',
      syscall: 'fdatasync',
    });
    expect(storeFailed(error, 'sluice.db')).toMatchObject({
      retriable: false,
      message: expect.stringContaining('check its disk and start again'),
    });
  });
});
