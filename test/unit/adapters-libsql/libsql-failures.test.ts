import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { libsqlModelRegistry } from '../../../src/adapters/libsql/libsql-model-registry.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import type { LibsqlSystem } from '../../../src/adapters/libsql/open-libsql.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { SmallDisk } from '../../ledger/small-disk.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-libsql-'));
  path = join(folder, 'sluice.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function itemOf(id: string): NewReviewItem {
  return {
    ...{ community: '', message_id: id, message: 'x'.repeat(10_000), sender: null, probability: 0.5 },
    ...{ reasons: [], model: 'v', position: { topic: 't', partition: 0, offset: 0 }, origin: 'band' },
  };
}

const model = {
  ...{ version: '20260101T000000Z-0123abcd', path: '/models', sha256: 'a'.repeat(64) },
  ...{ truePositiveRate: null, falsePositiveRate: null, figures: { filler: 'x'.repeat(100_000) } },
};

describe('a database on a disk that is full', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    disk = SmallDisk.mount(folder, 6);
  });
  afterEach(() => disk.unmount());

  it('a libsql database on a full disk refuses rows with a retriable error that names the cause, and accepts them once there is room', async () => {
    const store = await openLibsqlReviewStore(path);
    await store.add([itemOf('before')]);
    disk.fill();
    const full = {
      code: 'STORE_FAILED',
      retriable: true,
      cause: expect.objectContaining({ code: expect.stringMatching(/^SQLITE_(FULL|IOERR)/) }),
    };
    const items = Array.from({ length: 200 }, (_, i) => itemOf(`m-${i}`));
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(store.add(items)).rejects.toMatchObject(full);
      expect((await store.count()).open).toBe(1);
    }
    disk.empty();
    expect(await store.add(items)).toBe(items.length);
    expect((await store.count()).open).toBe(items.length + 1);
    await store.close();
  });

  it('a libsql database on a full disk refuses a model of the registry with the cause, and accepts it once there is room', async () => {
    const registry = libsqlModelRegistry(path);
    await (await openLibsqlReviewStore(path)).close();
    disk.fill();
    await expect(registry.pushed(model)).rejects.toMatchObject({ code: 'STORE_FAILED', retriable: true });
    disk.empty();
    await registry.pushed(model);
    expect(await registry.list()).toHaveLength(1);
  });
});

/** Runs a statement, or fails as configured. */
type Fault = (sql: string, connection: Database.Database) => void;

function failingSystem(fault: { current: Fault | undefined }): LibsqlSystem {
  return {
    connect: (file) => {
      const connection = new Database(file);
      const prepare = connection.prepare.bind(connection);
      connection.prepare = ((sql: string) => {
        const statement = prepare(sql);
        const guarded =
          <A extends readonly unknown[], R>(call: (...all: A) => R) =>
          (...all: A): R => {
            fault.current?.(sql, connection);
            return call(...all);
          };
        return {
          reader: statement.reader,
          run: guarded(statement.run.bind(statement)),
          all: guarded(statement.all.bind(statement)),
        };
      }) as unknown as typeof connection.prepare;
      return connection;
    },
    openLog: async () => ({ datasync: async () => {}, close: async () => {} }),
  };
}

const failure = (code: string) => Object.assign(new Error(`injected ${code}`), { code });

describe('a statement of a review store that fails', () => {
  it.each(
    ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_NOMEM', 'SQLITE_BUSY'].flatMap((code) =>
      ['begin', 'insert', 'commit'].flatMap((statement) =>
        [true, false].map((rolledBack) => ({ code, statement, rolledBack })),
      ),
    ),
  )(
    'a review store throws the error of a statement that fails with $code in $statement, and the next addition works (rolled back by SQLite: $rolledBack)',
    async ({ code, statement, rolledBack }) => {
      const fault: { current: Fault | undefined } = { current: undefined };
      const store = await openLibsqlReviewStore(path, Date.now, failingSystem(fault));
      let seen = 0;
      fault.current = (sql, connection) => {
        // The second row, so that there is something to take back.
        if (!sql.startsWith(statement) || ++seen < (statement === 'insert' ? 2 : 1)) return;
        fault.current = undefined;
        if (rolledBack && statement !== 'begin') connection.exec('rollback');
        throw failure(code);
      };
      await expect(store.add([itemOf('a'), itemOf('b')])).rejects.toMatchObject({
        code: 'STORE_FAILED',
        retriable: true,
        cause: expect.objectContaining({ code }),
      });
      expect((await store.count()).open).toBe(0);
      expect(await store.add([itemOf('a'), itemOf('b')])).toBe(2);
      await store.close();
    },
  );

  it('a review store leaves nothing of a failed statement to the next one, even if its transaction could not be rolled back', async () => {
    const fault: { current: Fault | undefined } = { current: undefined };
    const store = await openLibsqlReviewStore(path, Date.now, failingSystem(fault));
    fault.current = (sql) => {
      if (sql === 'commit') throw failure('SQLITE_IOERR_FSYNC');
      if (sql !== 'rollback') return;
      fault.current = undefined;
      throw failure('SQLITE_IOERR_READ');
    };
    await expect(store.add([itemOf('a')])).rejects.toMatchObject({
      retriable: true,
      cause: expect.objectContaining({ code: 'SQLITE_IOERR_FSYNC' }),
    });
    expect(await store.add([itemOf('b')])).toBe(1);
    expect((await store.list({ state: 'open', limit: 10 })).map((item) => item.message_id)).toEqual(['b']);
    await store.close();
  });
});

describe('what a database on this disk has acknowledged', () => {
  /** A log of which each sync waits until the test ends it, and that notes what was committed when it began. */
  const watchedLog = () => {
    const syncs: { readonly rows: number; readonly end: (error?: Error) => void }[] = [];
    const rows = (table: string) => {
      const reader = new Database(path, { readonly: true });
      const row = reader.prepare(`select count(*) as n from ${table}`).get([]) as { readonly n: number };
      reader.close();
      return row.n;
    };
    const system = (table: string): LibsqlSystem => ({
      connect: (file) => new Database(file),
      openLog: async () => ({
        datasync: () =>
          new Promise<void>((resolve, reject) => {
            syncs.push({ rows: rows(table), end: (error) => (error ? reject(error) : resolve()) });
          }),
        close: async () => {},
      }),
    });
    return { syncs, system };
  };
  const settled = async (promise: Promise<unknown>) => {
    let state = 'pending';
    promise.then(
      () => {
        state = 'resolved';
      },
      () => {
        state = 'rejected';
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    return state;
  };

  it('libsql acknowledges review rows only after the write-ahead log was synced', async () => {
    const { syncs, system } = watchedLog();
    const store = await openLibsqlReviewStore(path, Date.now, system('review'));
    const adding = store.add([itemOf('a')]);
    await expect.poll(() => syncs.length).toBe(1);
    expect(syncs[0]!.rows).toBe(1);
    expect(await settled(adding)).toBe('pending');
    syncs[0]!.end();
    expect(await adding).toBe(1);
    const failing = store.add([itemOf('b')]);
    await expect.poll(() => syncs.length).toBe(2);
    syncs[1]!.end(new Error('EIO'));
    await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await store.close();
  });

  it('libsql acknowledges models only after the write-ahead log was synced', async () => {
    const { syncs, system } = watchedLog();
    const registry = libsqlModelRegistry(path, Date.now, system('models'));
    const pushing = registry.pushed(model);
    await expect.poll(() => syncs.length).toBe(1);
    expect(syncs[0]!.rows).toBe(1);
    expect(await settled(pushing)).toBe('pending');
    syncs[0]!.end();
    await pushing;
  });
});

describe('the files of a database', () => {
  const rights = () =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]));

  it('the files of a new libsql database can be read by their owner only', async () => {
    const before = process.umask(0);
    try {
      const store = await openLibsqlReviewStore(path);
      await store.add([itemOf('a')]);
      expect(rights()).toEqual({ 'sluice.db': 0o600, 'sluice.db-wal': 0o600, 'sluice.db-shm': 0o600 });
      await store.close();
    } finally {
      process.umask(before);
    }
  });

  it('the files of a libsql database of an earlier version are closed to others, and keep the permissions of their group', async () => {
    await (await openLibsqlReviewStore(path)).close();
    chmodSync(path, 0o664);
    const store = await openLibsqlReviewStore(path);
    expect(rights()['sluice.db']).toBe(0o660);
    await store.close();
  });
});
