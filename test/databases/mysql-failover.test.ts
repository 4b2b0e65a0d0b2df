import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReviewSpool } from '../../src/adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../src/adapters/file/spooling-review-store.ts';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import { RecordedLog, RecordedTelemetry, until } from '../services/recorded.ts';
import { idsIn, numbered } from '../services/review-items.ts';
import { TcpProxy } from '../services/tcp-proxy.ts';
import {
  ordinaryUser,
  type SqlServerName,
  sqlServers,
  startTestServer,
  type TestServer,
} from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('a failover of %s', (name) => {
  let former: TestServer;
  let next: TestServer;
  let folder = '';
  beforeAll(async () => {
    [former, next] = await Promise.all([startTestServer(name), startTestServer(name)]);
  });
  afterAll(async () => {
    await former?.dispose();
    await next?.dispose();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-failover-'));
  });
  afterEach(async () => {
    await former.ask(former.server.access, 'set global read_only = 0');
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (options: MysqlOptions) => {
    const telemetry = new RecordedTelemetry();
    const log = new RecordedLog();
    const spool = await ReviewSpool.open({ folder, maxBytes: 2 ** 24, log });
    const store = await MysqlReviewStore.open({ options, telemetry, log });
    return {
      telemetry,
      log,
      store: new SpoolingReviewStore({ store, spool, telemetry, log, clock: systemClock }),
    };
  };
  /** The same database, user and password on both, and a way to each. */
  const bothServers = async () => {
    const options = await former.freshDatabase({ deadlineSeconds: 5 });
    await next.ask(next.server.access, `create database ${options.database} character set latin1`);
    const user = await ordinaryUser(former, options);
    await ordinaryUser(next, options);
    const onNext: MysqlOptions = { ...options, ...user, port: next.server.access.port };
    return { onFormer: { ...options, ...user }, onNext };
  };

  /** How many were begun, refused ones among them. */
  const transactionsAt = async (test: TestServer) => {
    const [row] = await test.ask(test.server.access, "show global status like 'Com_begin'");
    return Number(row?.Value);
  };

  it('after a failover of the database, rows are written to the new primary, although connections to the former one stay open', async () => {
    const { onFormer, onNext } = await bothServers();
    const proxy = await TcpProxy.to(former.server.access.port);
    const { store, telemetry, log } = await open({ ...onFormer, port: proxy.port });
    // So many at the same time that each connection of the pool is open.
    await Promise.all(Array.from({ length: 8 }, (_, i) => store.add(numbered(i, 1))));
    const atNext = await MysqlReviewStore.open({ options: onNext, telemetry: new RecordedTelemetry(), log });
    await former.ask(former.server.access, 'set global read_only = 1');
    proxy.lead(next.server.access.port);
    const before = await transactionsAt(former);
    await Promise.all(Array.from({ length: 8 }, (_, i) => store.add(numbered(100 + i, 1))));
    await until(async () => (await idsIn(atNext)).length === 8);
    await until(() => telemetry.spooled === 0 && telemetry.up === true);
    expect((await idsIn(store)).toSorted()).toEqual(numbered(100, 8).map(({ message_id }) => message_id));
    expect(log.of('error')).toEqual([]);
    // No connection to it was used a second time.
    expect((await transactionsAt(former)) - before).toBeLessThanOrEqual(onFormer.poolSize);
    await store.close();
    await atNext.close();
    await proxy.close();
  });

  it('during a failover of the database, it is reported as unavailable while no write succeeds, although reads do', async () => {
    const { onFormer } = await bothServers();
    const { store, telemetry, log } = await open(onFormer);
    await store.add(numbered(0, 1));
    expect(telemetry.up).toBe(true);
    await former.ask(former.server.access, 'set global read_only = 1');
    // Without a row that is to be written: the server is tried regularly.
    await until(() => telemetry.up === false);
    for (let i = 0; i < 20; i++) {
      // The circuit may be open at times.
      await store.count().catch(() => undefined);
      await store.list({ state: 'open', limit: 1 }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(telemetry.up).toBe(false);
    }
    await store.add(numbered(1, 1));
    expect(telemetry.spooled).toBe(1);
    await former.ask(former.server.access, 'set global read_only = 0');
    await until(() => telemetry.up === true && telemetry.spooled === 0);
    expect(await idsIn(store)).toEqual(['m-0', 'm-1']);
    expect(log.of('warn')).toContain('the database is unavailable');
    await store.close();
  });

  it('a daemon that starts during a failover of the database works, and rows wait until a server accepts writes', async () => {
    const { onFormer } = await bothServers();
    await (await open(onFormer)).store.close();
    await former.ask(former.server.access, 'set global read_only = 1');
    const { store, telemetry } = await open(onFormer);
    expect(telemetry.up).toBe(false);
    await store.add(numbered(0, 3));
    await former.ask(former.server.access, 'set global read_only = 0');
    await until(() => telemetry.spooled === 0 && telemetry.up === true);
    expect(await idsIn(store)).toEqual(['m-0', 'm-1', 'm-2']);
    await store.close();
  });
});
