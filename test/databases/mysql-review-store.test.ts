import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlDecisionStore } from '../../src/adapters/mysql/mysql-decision-store.ts';
import { mysqlFlavour } from '../../src/adapters/mysql/mysql-flavour.ts';
import { mysqlModelRegistry } from '../../src/adapters/mysql/mysql-model-registry.ts';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { mysqlRetrainStore } from '../../src/adapters/mysql/mysql-retrain-store.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { openMysql } from '../../src/adapters/mysql/open-mysql.ts';
import { migrate } from '../../src/adapters/sql/migrate.ts';
import { migrationsOf } from '../../src/adapters/sql/migrations.ts';
import { describeModelRegistry } from '../contract/suites/model-registry.ts';
import { describeRetrainStore } from '../contract/suites/retrain-store.ts';
import { describeReviewStore } from '../contract/suites/review-store.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { RecordedTelemetry } from '../services/recorded.ts';
import { idsIn, itemOf } from '../services/review-items.ts';
import { api } from '../unit/http/fakes.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeReviewStore(name, async () => {
    const options = await test.sharedDatabase();
    return {
      open: () => MysqlReviewStore.open({ options, telemetry: new RecordedTelemetry(), log: quietLog }),
      run: async (statement) => {
        await test.ask(options, statement);
      },
      dispose: () => test.empty(options),
    };
  });

  describeModelRegistry(name, async () => {
    const options = await test.freshDatabase();
    return {
      open: (now) => mysqlModelRegistry(options, now),
      dispose: async () => {
        await test.ask(test.server.access, `drop database ${options.database}`);
      },
    };
  });

  describeRetrainStore(name, async () => {
    const options = await test.sharedDatabase();
    return {
      open: async (now) => mysqlRetrainStore(options, now),
      registry: (now) => mysqlModelRegistry(options, now),
      dispose: () => test.empty(options),
    };
  });

  it('a database server that hangs delays a look-up of the hash of a model only for a moment', async () => {
    const options = await test.freshDatabase({ deadlineSeconds: 60 });
    const registry = mysqlModelRegistry(options);
    await registry.list();
    await test.freeze();
    try {
      await expect(registry.sha256Of('20260101T000000Z-0123abcd')).rejects.toMatchObject({
        code: 'STORE_FAILED',
        retriable: true,
      });
    } finally {
      test.server.process.unfreeze();
    }
  });

  it('a client that follows the pages of the review API misses no row that is committed after one with a higher id', async () => {
    const options = await test.freshDatabase();
    let now = Date.now();
    const store = await MysqlReviewStore.open({
      ...{ options, telemetry: new RecordedTelemetry(), log: quietLog, now: () => now },
    });
    const decisions = mysqlDecisionStore(options, () => now);
    const { server } = await api({ decisions });
    let after = '';
    const seen: string[] = [];
    const follow = async () => {
      for (;;) {
        const url = `/api/v1/review?limit=1${after}`;
        const page = (await server.inject({ method: 'GET', url })).json() as {
          readonly items: readonly { readonly message_id: string }[];
          readonly next: string | null;
        };
        seen.push(...page.items.map(({ message_id }) => message_id));
        if (page.next === null) return;
        after = `&after=${page.next}`;
      }
    };
    now -= 3_600_000;
    await store.add([itemOf('a'), itemOf('b')]);
    now += 3_600_000;
    const late = await test.transaction(options);
    await late.query(
      'insert into review (community, message_id, message, reasons, model, source_topic, source_partition, source_offset, origin, state, created_at)' +
        ` values ('c', 'late', 'text', '[]', 'v', 't', 0, 0, 'band', 'open', ${now})`,
    );
    await store.add([itemOf('c'), itemOf('d'), itemOf('e')]);
    await follow();
    expect(seen).not.toContain('late');
    await late.commit();
    await follow();
    expect(new Set(seen)).toEqual(new Set(['a', 'b', 'c', 'late']));
    await test.ask(options, `update review set created_at = ${now - 3_600_000}`);
    await follow();
    expect(new Set(seen)).toEqual(new Set(['a', 'b', 'late', 'c', 'd', 'e']));
    await server.close();
    await decisions.close();
    await store.close();
  });

  describe('its tables', () => {
    const open = (options: MysqlOptions) =>
      MysqlReviewStore.open({ options, telemetry: new RecordedTelemetry(), log: quietLog });
    const names = async (options: MysqlOptions, query: string) =>
      (await test.ask(options, query)).map((row) => String(Object.values(row)[0]));
    const migrated = (options: MysqlOptions) =>
      names(options, 'select name from sluice_migration order by name');
    /** As a daemon of an earlier version leaves them: by the first migrations only. */
    const migrateBefore = async (options: MysqlOptions, count: number) => {
      const flavour = mysqlFlavour({
        server: name === 'MySQL 8.0' ? 'mysql' : 'mariadb',
        trainingTable: 'training',
      });
      const database = openMysql(options);
      await migrate(database, flavour, migrationsOf(flavour).slice(0, count));
      await database.destroy();
    };

    it('the tables of the review store have the columns of the original contract, and find training words regardless of case', async () => {
      const options = await test.freshDatabase();
      await (await open(options)).close();
      expect(await names(options, 'show tables')).toEqual(
        expect.arrayContaining(['activity', 'messages', 'models', 'review', 'training']),
      );
      await test.ask(
        options,
        "insert into training (class, message) values (1, 'WIN a Gratis 😀 prize'), (0, 'see you tomorrow'), (0, 'dinner tonight?')",
      );
      expect(
        await names(
          options,
          "select id from training where match (message) against ('gratis' in boolean mode)",
        ),
      ).toEqual(['1']);
    });

    it('the tables of the review store are created once by daemons that start at the same time', async () => {
      const options = await test.freshDatabase();
      const stores = await Promise.all(Array.from({ length: 4 }, () => open(options)));
      expect(await stores[0]!.add([itemOf('a')])).toBe(1);
      const all = migrationsOf(mysqlFlavour({ server: 'mysql', trainingTable: 'training' }));
      expect(await migrated(options)).toEqual(all.map(({ name }) => name).sort());
      for (const store of stores) await store.close();
    });

    it('the tables of the review store are migrated from those of an earlier version, whose daemons can use the newer tables', async () => {
      const options = await test.freshDatabase();
      await migrateBefore(options, 1);
      const ofThen =
        'insert into review (community, message_id, message, reasons, model, source_topic, source_partition, source_offset, origin, state, created_at)';
      await test.ask(
        options,
        `${ofThen} values ('c', 'old', 'text', '[]', 'v', 't', 0, 0, 'band', 'open', 1)`,
      );
      await test.ask(options, "insert into training (class, message) values (1, 'from before')");
      const store = await open(options);
      await store.add([itemOf('new')]);
      await test.ask(
        options,
        `${ofThen} values ('c', 'late', 'text', '[]', 'v', 't', 0, 0, 'band', 'open', 1)`,
      );
      await test.ask(options, "insert into training (class, message) values (1, 'from an older daemon')");
      expect(await idsIn(store)).toEqual(['old', 'new', 'late']);
      expect(
        await names(options, "select count(*) from training where match (message) against ('before older')"),
      ).toEqual(['2']);
      await store.close();
    });

    it('the tables of the review store of an earlier version are read and extended', async () => {
      const options = await test.freshDatabase();
      const file = `127147e-${name.toLowerCase().replace(' ', '-')}.sql`;
      const text = await readFile(join(import.meta.dirname, 'earlier', file), 'utf8');
      for (const statement of text.split(/;\n/).filter((each) => each.trim() !== ''))
        await test.ask(options, statement);
      const before = await migrated(options);
      const store = await open(options);
      expect(await migrated(options)).toEqual(expect.arrayContaining(before));
      const rows = await store.list({ state: 'open', limit: 10 });
      expect(rows.map(({ id, state, created_at, ...item }) => item)).toEqual([
        itemOf('plain'),
        itemOf('😀 ünïcode'),
      ]);
      const edited = itemOf('plain', { message: 'edited', position: { ...itemOf('').position, offset: 8 } });
      expect(
        await store.add([itemOf('plain'), itemOf('labelled'), edited, itemOf('a\ud800'), itemOf('a\ud801')]),
      ).toBe(2);
      expect(await idsIn(store)).toEqual(['plain', '😀 ünïcode', 'a\ud800', 'a\ud801']);
      expect((await store.list({ state: 'open', limit: 1 }))[0]?.message).toBe('edited');
      await store.close();
      expect(await mysqlModelRegistry(options).list()).toMatchObject([{ status: 'active' }]);
    });

    it('the tables of the review store of a newer version can be used', async () => {
      const options = await test.freshDatabase();
      await (await open(options)).close();
      await test.ask(
        options,
        "insert into sluice_migration values ('2999-01-01-more', '2999-01-01T00:00:00.000Z')",
      );
      await test.ask(options, 'alter table review add column more varchar(20) null');
      const store = await open(options);
      expect(await store.add([itemOf('a')])).toBe(1);
      expect(await store.list({ state: 'open', limit: 1 })).toHaveLength(1);
      await store.close();
    });

    it.each([0, 1, 2])(
      'the tables of the review store are completed after a migration that was interrupted, with %d of them recorded',
      async (count) => {
        const options = await test.freshDatabase();
        await (await open(options)).close();
        const [...done] = await migrated(options);
        for (const later of done.slice(count))
          await test.ask(options, `delete from sluice_migration where name = '${later}'`);
        const store = await open(options);
        expect(await migrated(options)).toEqual(done);
        expect(await store.add([itemOf('a')])).toBe(1);
        await store.close();
      },
    );

    it('the tables of the review store include an existing table of labeled messages, of any name, which keeps its rows and its writers', async () => {
      const options = await test.freshDatabase({ trainingTable: 'my_Messages_1' });
      await test.ask(
        options,
        'create table my_Messages_1 (id int auto_increment primary key, class int, message text) character set latin1',
      );
      await test.ask(options, "insert into my_Messages_1 (class, message) values (1, 'from before')");
      await (await open(options)).close();
      await test.ask(options, "insert into my_Messages_1 (class, message) values (0, 'and from after')");
      const rows = await test.ask(
        options,
        'select message, community, source, near_group from my_Messages_1',
      );
      expect(rows).toEqual([
        { message: 'from before', community: '', source: '', near_group: null },
        { message: 'and from after', community: '', source: '', near_group: null },
      ]);
      // Another name later on makes another table.
      await (await open({ ...options, trainingTable: 'training' })).close();
      expect(await names(options, 'select count(*) from training')).toEqual(['0']);
    });

    it('the tables of the review store need no right to alter them once they are complete', async () => {
      const options = await test.freshDatabase();
      const user = `u_${options.database}`;
      const { host, password } = test.server.access;
      await test.ask(options, `create user '${user}'@'${host}' identified by '${password}'`);
      await test.ask(
        options,
        `grant select, insert, update, delete on ${options.database}.* to '${user}'@'${host}'`,
      );
      const limited = { ...options, user };
      await expect(open(limited)).rejects.toMatchObject({ code: 'STORE_FAILED', retriable: false });
      const more = `create, alter, index on ${options.database}.*`;
      await test.ask(options, `grant ${more} to '${user}'@'${host}'`);
      await (await open(limited)).close();
      await test.ask(options, `revoke ${more} from '${user}'@'${host}'`);
      const store = await open(limited);
      expect(await store.add([itemOf('a')])).toBe(1);
      await store.close();
    });
  });

  it('a database server has the version that its name states', async () => {
    const [row] = await test.ask(test.server.access, 'select version() as version');
    expect(row?.version).toMatch(name === 'MySQL 8.0' ? /^8\.0\./ : /^10\.11\..*MariaDB/);
  });
});
