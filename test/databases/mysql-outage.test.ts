import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReviewSpool } from '../../src/adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../src/adapters/file/spooling-review-store.ts';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { ReviewStore } from '../../src/ports/review-store.ts';
import { DaemonProcess, endAllDaemons, layFolder, linesOf, readTrace } from '../line/daemon-process.ts';
import { Feeder } from '../line/feeder.ts';
import { BlackHoleProxy } from '../services/black-hole-proxy.ts';
import { RecordedLog, RecordedTelemetry, until } from '../services/recorded.ts';
import { idsIn, itemOf } from '../services/review-items.ts';
import { startTestServer, type TestServer } from './sql-servers.ts';

let test: TestServer;
let folder = '';
beforeAll(async () => {
  test = await startTestServer('MySQL 8.0');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-outage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => test?.dispose());

describe('rows that are added while MySQL is unavailable', () => {
  let telemetry: RecordedTelemetry;
  let log: RecordedLog;
  const open = async (options: MysqlOptions): Promise<ReviewStore> => {
    telemetry = new RecordedTelemetry();
    log = new RecordedLog();
    const spool = await ReviewSpool.open({ folder, maxBytes: 2 ** 24, log, segmentBytes: 5000 });
    const store = await MysqlReviewStore.open({ options, telemetry, log });
    return new SpoolingReviewStore({ store, spool, telemetry, log, clock: systemClock });
  };
  /** Adds one row after the other until stopped; returns how many, and how long the slowest took. */
  const adding = (store: ReviewStore) => {
    let stop = false;
    let count = 0;
    const run = async () => {
      let slowest = 0;
      for (; !stop; count++) {
        const began = performance.now();
        await store.add([itemOf(`m-${count}`)]);
        slowest = Math.max(slowest, (performance.now() - began) / 1000);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return { count, slowest };
    };
    const done = run();
    return {
      count: () => count,
      stop: () => {
        stop = true;
        return done;
      },
    };
  };

  const outages: readonly {
    readonly name: string;
    readonly begin: (proxy: BlackHoleProxy) => Promise<void>;
    readonly end: (proxy: BlackHoleProxy) => Promise<void>;
  }[] = [
    {
      name: 'killed',
      begin: () => test.server.process.kill(),
      end: () => test.server.startAgain(),
    },
    {
      name: 'standing still',
      begin: () => test.freeze(),
      end: async () => test.server.process.unfreeze(),
    },
    {
      name: 'behind a network that swallows everything',
      begin: async (proxy) => proxy.swallow(),
      end: async (proxy) => proxy.pass(),
    },
  ];
  it.each(outages)(
    'rows that are added while MySQL is unavailable wait on this machine, and are stored once and in order afterwards: $name',
    async ({ begin, end }) => {
      const proxy = await BlackHoleProxy.start(test.server.access.port);
      const options = await test.freshDatabase({ deadlineSeconds: 0.5 });
      const store = await open({ ...options, port: proxy.port });
      const adds = adding(store);
      await until(() => adds.count() > 50);
      expect(telemetry).toMatchObject({ up: true, spooled: 0 });
      await begin(proxy);
      const before = adds.count();
      await until(() => adds.count() > before + 200 && telemetry.spooled > 150);
      expect(telemetry.up).toBe(false);
      await end(proxy);
      const { count, slowest } = await adds.stop();
      await until(() => telemetry.spooled === 0 && telemetry.up === true);
      expect(await idsIn(store)).toEqual(Array.from({ length: count }, (_, i) => `m-${i}`));
      expect(slowest).toBeLessThan(20);
      expect(log.of('warn')).toContain('the database is unavailable');
      expect(log.of('error')).toEqual([]);
      expect(readdirSync(folder)).toEqual([]);
      await store.close();
      await proxy.stop();
    },
  );

  it('rows that are added while MySQL is unavailable survive a restart of the daemon before MySQL is back', async () => {
    const options = await test.freshDatabase({ deadlineSeconds: 0.5 });
    await test.server.process.kill();
    const first = await open(options);
    for (let i = 0; i < 30; i++) await first.add([itemOf(`m-${i}`)]);
    await first.close();
    const second = await open(options);
    expect(telemetry).toMatchObject({ spooled: 30, up: false });
    await second.add([itemOf('m-30')]);
    await test.server.startAgain();
    await until(() => telemetry.spooled === 0);
    // The tables were made on the way.
    expect(await idsIn(second)).toEqual(Array.from({ length: 31 }, (_, i) => `m-${i}`));
    await second.close();
  });
});

describe('a daemon whose MySQL dies and comes back', () => {
  afterEach(async () => {
    await endAllDaemons();
    delete process.env.SLUICE_STORE__MYSQL__PASSWORD_FILE;
  });

  it('a daemon publishes spam verdicts while MySQL is down, even after it was killed itself, and every review row is in MySQL at the end', async () => {
    const { host, port, database, user, password } = await test.freshDatabase();
    layFolder(
      folder,
      // What is not spam goes to humans, so that there is enough of it whatever the model.
      `decide: { rejectMin: 0 }\nstore: { kind: mysql, mysql: ${JSON.stringify({ host, port, database, user, deadlineSeconds: 1 })} }\n`,
    );
    writeFileSync(join(folder, 'password'), `${password}\n`);
    process.env.SLUICE_STORE__MYSQL__PASSWORD_FILE = join(folder, 'password');
    const rows = async () => {
      const [row] = await test.ask({ database }, 'select count(*) as n from review');
      return Number(row?.n);
    };
    const verdicts = () => linesOf(join(folder, 'data', 'verdicts.jsonl')).length;
    const spool = join(folder, 'data', 'review-spool');
    const spooled = () => {
      try {
        return readdirSync(spool).reduce((rows, name) => rows + linesOf(join(spool, name)).length, 0);
      } catch {
        // A file was removed between the two looks at it.
        return 1;
      }
    };
    const feeder = new Feeder(folder, 300);

    let daemon = await DaemonProcess.start(folder);
    feeder.start();
    try {
      await daemon.until(async () => (await rows()) > 20);
      await test.server.process.kill();
      const before = verdicts();
      await daemon.until(() => verdicts() > before + 100 && spooled() > 100);
      const left = spooled();

      await daemon.kill('SIGKILL');
      daemon = await DaemonProcess.start(folder);
      const after = verdicts();
      await daemon.until(() => verdicts() > after + 100 && spooled() > left + 100);
      await test.server.startAgain();
    } finally {
      feeder.stop();
    }
    await daemon.until(() => {
      const told = new Set(readTrace(folder).map(({ message_id }) => message_id));
      return told.size === feeder.count && spooled() === 0;
    });
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });

    const outcomes = readTrace(folder).filter(({ outcome }) => outcome === 'review');
    const forHumans = new Set(outcomes.map(({ message_id }) => message_id));
    const stored = (await test.ask({ database }, 'select message_id from review')).map(
      (row) => row.message_id,
    );
    expect(forHumans.size).toBeGreaterThan(100);
    expect(new Set(stored)).toEqual(forHumans);
    expect(stored).toHaveLength(forHumans.size);
    expect(daemon.log).not.toContain(password);
  });
});
