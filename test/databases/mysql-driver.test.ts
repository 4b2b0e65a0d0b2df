import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { openMysql } from '../../src/adapters/mysql/open-mysql.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { BlackHoleProxy } from '../services/black-hole-proxy.ts';
import { RecordedTelemetry, until } from '../services/recorded.ts';
import { idsIn, itemOf, numbered } from '../services/review-items.ts';
import { startTestServer, type TestServer } from './sql-servers.ts';

/** What the driver does wrong, or the server lets pass, and the adapter does not. */
describe('the MySQL adapter', () => {
  let test: TestServer;
  let telemetry: RecordedTelemetry;
  const stores: MysqlReviewStore[] = [];
  const open = async (options: MysqlOptions) => {
    telemetry = new RecordedTelemetry();
    const store = await MysqlReviewStore.open({ options, telemetry, log: quietLog });
    stores.push(store);
    return store;
  };
  const seconds = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return (performance.now() - began) / 1000;
  };
  const connectionsOf = async ({ database }: MysqlOptions) => {
    const rows = await test.ask(
      test.server.access,
      `select id from information_schema.processlist where db = '${database}'`,
    );
    return rows.map((row) => String(row.id ?? row.ID));
  };
  const away = { code: 'STORE_FAILED', retriable: true };
  const unstorable = { code: 'STORE_FAILED', retriable: false };

  beforeAll(async () => {
    test = await startTestServer('MySQL 8.0');
  });
  afterEach(async () => {
    test.server.process.unfreeze();
    for (const store of stores.splice(0)) await store.close();
    await test.ask(test.server.access, 'set global sql_mode = default');
    await test.ask(test.server.access, 'set global max_allowed_packet = default');
  });
  afterAll(() => test?.dispose());

  describe('when the server stands still', () => {
    it('the MySQL adapter ends a statement at its deadline when the server hangs, destroys the connection, and continues with a new one', async () => {
      const options = await test.freshDatabase({ deadlineSeconds: 0.5 });
      const store = await open(options);
      await store.add([itemOf('before')]);
      const used = await connectionsOf(options);
      expect(used.length).toBeGreaterThan(0);
      await test.freeze();
      const took = await seconds(() => expect(store.add([itemOf('meanwhile')])).rejects.toMatchObject(away));
      expect(took).toBeGreaterThan(0.4);
      expect(took).toBeLessThan(20);
      test.server.process.unfreeze();
      await until(async () => (await connectionsOf(options)).every((id) => !used.includes(id)));
      await store.add([itemOf('meanwhile')]);
      expect((await idsIn(store)).toSorted()).toEqual(['before', 'meanwhile']);
      expect(await connectionsOf(options)).not.toEqual(used);
    });

    it('the MySQL adapter waits no longer for a connection than for a statement when the server hangs', async () => {
      const options = await test.freshDatabase({ deadlineSeconds: 0.5 });
      await test.freeze();
      const database = openMysql(options);
      // The system takes the connection in the server's name; nothing is ever said on it.
      expect(
        await seconds(() => expect(sql`select 1`.execute(database)).rejects.toMatchObject(away)),
      ).toBeLessThan(20);
      await database.destroy();
    });

    it('the MySQL adapter limits the number of callers that wait for a connection when the server hangs, and refuses others at once', async () => {
      const options = await test.freshDatabase({ deadlineSeconds: 1, poolSize: 1 });
      const database = openMysql(options);
      await sql`select 1`.execute(database);
      await test.freeze();
      const began = performance.now();
      const ends = await Promise.all(
        Array.from({ length: 100 }, () =>
          sql`select 1`.execute(database).then(
            () => ({ after: 0, text: 'answered' }),
            (error: Error) => ({ after: performance.now() - began, text: error.message }),
          ),
        ),
      );
      const refused = ends.filter(({ text }) => text.includes('waiting for a connection already'));
      expect(refused).toHaveLength(100 - 1 - 32);
      const waited = ends.filter((end) => !refused.includes(end));
      expect(Math.max(...refused.map(({ after }) => after))).toBeLessThan(
        Math.min(...waited.map(({ after }) => after)),
      );
      expect(ends.every(({ text }) => text !== 'answered')).toBe(true);
      await database.destroy();
    });

    it('the MySQL adapter does not call a server that hangs for a while after a few failures, and then tries again', async () => {
      const options = await test.freshDatabase({ deadlineSeconds: 0.3 });
      const store = await open(options);
      await store.add([itemOf('before')]);
      await test.freeze();
      for (let i = 0; i < 3; i++) await expect(store.count()).rejects.toMatchObject(away);
      expect(telemetry).toMatchObject({ up: false, circuitOpen: true });
      await expect(store.count()).rejects.toThrow(/left alone/);
      test.server.process.unfreeze();
      await until(() =>
        store.count().then(
          () => true,
          () => false,
        ),
      );
      // A read does not show that the server takes writes; that is measured every few seconds.
      await until(() => telemetry.up === true);
      expect(telemetry).toMatchObject({ up: true, circuitOpen: false });
    });
  });

  it('the MySQL adapter notices a network that drops everything, and recovers when it works again', async () => {
    const proxy = await BlackHoleProxy.start(test.server.access.port);
    const options = await test.freshDatabase({ deadlineSeconds: 0.5 });
    const store = await open({ ...options, port: proxy.port });
    await store.add([itemOf('before')]);
    proxy.swallow();
    expect(
      await seconds(() => expect(store.add([itemOf('meanwhile')])).rejects.toMatchObject(away)),
    ).toBeLessThan(20);
    // Nor does it connect again.
    await expect(store.add([itemOf('meanwhile')])).rejects.toMatchObject(away);
    proxy.pass();
    expect(await store.add([itemOf('meanwhile')])).toBe(1);
    await proxy.stop();
  });

  it('the MySQL adapter ends its own transaction that a broken network has left on the server with locks on rows', async () => {
    const proxy = await BlackHoleProxy.start(test.server.access.port);
    const options = await test.freshDatabase({ deadlineSeconds: 0.5, poolSize: 1 });
    await (await open(options)).close();
    const database = openMysql({ ...options, port: proxy.port });
    const insert = sql`insert into models (version, path, status, manifest_sha256, figures, created_at)
      values ('v', 'p', 'active', 's', '{}', 0)`;
    const transaction = await database.startTransaction().execute();
    await insert.execute(transaction);
    proxy.swallow();
    await expect(insert.execute(transaction)).rejects.toMatchObject(away);
    await transaction.rollback().execute();
    proxy.pass();
    await until(
      () =>
        insert.execute(database).then(
          () => true,
          () => false,
        ),
      // Long before the server would notice.
      20,
    );
    await database.destroy();
    await proxy.stop();
  });

  it('the MySQL adapter does not crash when the server closes idle connections', async () => {
    const options = await test.freshDatabase();
    const store = await open(options);
    await store.add([itemOf('before')]);
    await test.server.process.kill();
    await expect(store.add([itemOf('meanwhile')])).rejects.toMatchObject(away);
    await test.server.startAgain();
    await until(() =>
      store.add([itemOf('after')]).then(
        () => true,
        () => false,
      ),
    );
    expect(await idsIn(store)).toEqual(['before', 'after']);
  });

  it('the MySQL adapter retries when two batches deadlock, and loses and doubles no row', async () => {
    const deadlocks = async () => {
      const [row] = await test.ask(
        test.server.access,
        "select count as n from information_schema.innodb_metrics where name = 'lock_deadlocks'",
      );
      return Number(row?.n);
    };
    const store = await open(await test.freshDatabase());
    const before = await deadlocks();
    let rows = 0;
    let added = 0;
    for (let round = 0; round < 40 && (await deadlocks()) === before; round++) {
      const items = numbered(rows, 400);
      rows += 400;
      const results = await Promise.all(
        [items, items.toReversed(), items, items.toReversed()].map((each) => store.add(each)),
      );
      added += results.reduce((sum, count) => sum + count, 0);
    }
    expect(await deadlocks()).toBeGreaterThan(before);
    expect(added).toBe(rows);
    expect((await store.count()).open).toBe(rows);
  });

  it('the MySQL adapter leaves no prepared statements on the server, where execute leaves one for each text', async () => {
    const prepared = async () => {
      const [row] = await test.ask(test.server.access, "show global status like 'Prepared_stmt_count'");
      return Number(row?.Value);
    };
    const { host, port, user, password } = test.server.access;
    const connection = await createConnection({ host, port, user, password });
    for (let i = 0; i < 20; i++) await connection.execute(`select ${i}`);
    expect(await prepared()).toBe(20);
    await connection.end();
    await until(async () => (await prepared()) === 0);
    const store = await open(await test.freshDatabase());
    for (let rows = 1; rows <= 20; rows++) await store.add(numbered(rows * 100, rows));
    expect(await prepared()).toBe(0);
  });

  it('the MySQL adapter rejects a text that does not fit, whatever the mode of the server, and stores nothing of the batch', async () => {
    await test.ask(test.server.access, "set global sql_mode = ''");
    const store = await open(await test.freshDatabase());
    const long = itemOf('long', { model: 'm'.repeat(192) });
    await expect(store.add([itemOf('fits'), long])).rejects.toMatchObject(unstorable);
    expect((await store.count()).open).toBe(0);
  });

  it('the MySQL adapter is safe with a server on which a backslash is an ordinary character', async () => {
    await test.ask(test.server.access, "set global sql_mode = 'NO_BACKSLASH_ESCAPES'");
    const store = await open(await test.freshDatabase());
    const message = "\\' or 1 = 1); drop table review; -- ";
    await store.add([itemOf('odd', { message })]);
    expect((await store.list({ state: 'open', limit: 10 })).map((item) => item.message)).toEqual([message]);
  });

  it('the MySQL adapter reports a row above the maximum statement size as one that cannot be stored, and not the server as unavailable', async () => {
    await test.ask(test.server.access, 'set global max_allowed_packet = 1048576');
    const store = await open(await test.freshDatabase());
    const huge = itemOf('huge', { message: 'x'.repeat(2 ** 20) });
    await expect(store.add([huge])).rejects.toMatchObject(unstorable);
    expect(await store.add([itemOf('small')])).toBe(1);
  });

  it('the MySQL adapter returns integers above 2^53 exactly, and refuses those that it would have to round', async () => {
    const options = await test.freshDatabase();
    const database = openMysql(options);
    const { rows } = await sql<{ big: unknown }>`select 9007199254740993 as big`.execute(database);
    expect(rows).toEqual([{ big: '9007199254740993' }]);
    await database.destroy();
    const store = await open(options);
    const offset = Number.MAX_SAFE_INTEGER;
    await store.add([itemOf('most', { position: { topic: 't', partition: 0, offset } })]);
    expect((await store.list({ state: 'open', limit: 1 }))[0]?.position.offset).toBe(offset);
    await test.ask(options, 'update review set source_offset = 9007199254740993');
    await expect(store.list({ state: 'open', limit: 1 })).rejects.toThrow(/9007199254740993/);
  });

  it('the MySQL adapter keeps every finite probability to the last bit', async () => {
    const store = await open(await test.freshDatabase());
    const values = [0, 1, 0.1 + 0.2, 1 / 3, 5e-324, 1 - 2 ** -53, 0.7000000000000001];
    await store.add(values.map((probability, i) => itemOf(`p-${i}`, { probability })));
    expect((await store.list({ state: 'open', limit: 10 })).map((item) => item.probability)).toEqual(values);
  });

  describe('over TLS', () => {
    const authority = () => readFile(join(test.folder, 'data', 'ca.pem'), 'utf8');

    it('the MySQL adapter connects over TLS to a server with a certificate of the configured authority, and encrypts', async () => {
      const options = await test.freshDatabase({ tls: { mode: 'verify-ca', ca: await authority() } });
      const database = openMysql(options);
      const { rows } = await sql<{ Value: string }>`show session status like 'Ssl_cipher'`.execute(database);
      expect(rows[0]?.Value).toMatch(/^TLS_|AES/);
      await database.destroy();
      await (await open(options)).add([itemOf('a')]);
    });

    it.each([
      ['of an authority that nobody knows', async () => ({ mode: 'verify-ca' }) as const],
      [
        'in which the host is not named',
        async () => ({ mode: 'verify-full', ca: await authority() }) as const,
      ],
    ])('the MySQL adapter with TLS refuses to start with a certificate %s', async (_, tls) => {
      const options = await test.freshDatabase({ tls: await tls() });
      await expect(open(options)).rejects.toMatchObject({
        code: 'STORE_FAILED',
        retriable: false,
        message: expect.stringContaining('store.mysql'),
      });
    });
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['a database that is not there', { database: 'missing' }],
  ])('the MySQL adapter refuses to start with %s, and does not report the password', async (_, change) => {
    const options = { ...(await test.freshDatabase()), ...change };
    const refusal = await open(options).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: 'STORE_FAILED', retriable: false });
    expect((refusal as Error).message).toContain('store.mysql');
    expect(JSON.stringify([refusal, (refusal as Error).message])).not.toContain(options.password);
  });
});
