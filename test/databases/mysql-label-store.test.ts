import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlDecisionStore } from '../../src/adapters/mysql/mysql-decision-store.ts';
import { mysqlLabelStore } from '../../src/adapters/mysql/mysql-label-store.ts';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { ReviewDesk } from '../../src/review/review-desk.ts';
import { clearLabels, sqlLabelHarness } from '../contract/suites/label-fixture.ts';
import { describeLabelLeases } from '../contract/suites/label-leases.ts';
import { describeLabelStore } from '../contract/suites/label-store.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  // One for all tests, since making the tables takes a second and more.
  let shared: MysqlOptions | undefined;
  describeLabelStore(
    name,
    sqlLabelHarness(async () => {
      shared ??= await test.freshDatabase();
      const options = shared;
      const run = async (statement: string) => {
        await test.ask(options, statement);
      };
      return {
        open: async (now) => mysqlDecisionStore(options, now),
        openLabels: async (now) => mysqlLabelStore(options, now).store,
        rows: (statement) => test.ask(options, statement),
        run,
        dispose: () => clearLabels({ run }),
      };
    }),
  );

  describeLabelLeases(name, async () => {
    const options = await test.freshDatabase();
    const opened: ReturnType<typeof mysqlLabelStore>[] = [];
    return {
      open: async (now) => {
        const process = mysqlLabelStore(options, now);
        opened.push(process);
        return process.leases;
      },
      dispose: async () => {
        for (const { store } of opened) await store.close();
      },
    };
  });

  it('a training table of another name and with further columns is labeled, and its removed rows come back with all they had', async () => {
    const options = await test.freshDatabase({ trainingTable: 'labels_of_2019' });
    await test.ask(
      options,
      `create table labels_of_2019 (id int unsigned not null auto_increment primary key, class tinyint not null,
        message mediumtext character set utf8mb4 not null, mood enum('good', 'bad') character set latin1,
        twice int generated always as (class * 2) stored, seen timestamp null, rate decimal(10, 4))`,
    );
    await test.ask(
      options,
      `insert into labels_of_2019 (class, message, mood, seen, rate) values
        (1, 'one', 'bad', '2019-02-03 04:05:06', 1.25), (0, 'two', null, null, null)`,
    );
    const { store } = mysqlLabelStore(options);
    await store.rows({ after: 0, limit: 1 });
    const all = () => test.ask(options, 'select * from labels_of_2019 order by id');
    const before = await all();
    const { id } = await store.begin({ kind: 'dedupe', about: 'all', parameters: null, by: 'anna' });
    const rows = await store.rows({ after: 0, limit: 9 });
    expect(
      await store.edit(
        id,
        rows.map((row) => ({ kind: 'remove', row })),
      ),
    ).toBe(2);
    await store.finish(id);
    expect(await all()).toEqual([]);
    await store.undo(id, 'anna');
    expect(await all()).toEqual(before);
    await store.close();
  });

  it('people and steps that label the same rows at the same time lose nothing of what people decided, and the undo restores the rest', async () => {
    const options = await test.freshDatabase();
    const { store } = mysqlLabelStore(options);
    const decisions = mysqlDecisionStore(options);
    const desk = new ReviewDesk(decisions);
    const { id: imported } = await store.begin({ kind: 'import', about: '', parameters: null, by: 'anna' });
    await store.add(
      imported,
      Array.from({ length: 200 }, (_, i) => ({ message: `text ${i}`, community: '', source: 'dump' })),
      null,
    );
    await store.finish(imported);
    const rows = await store.rows({ after: 0, limit: 200 });
    const decided = rows.filter((_, i) => i % 3 === 0).map(({ id }) => id);
    const { id } = await store.begin({ kind: 'rule', about: '', parameters: null, by: 'anna' });
    const lea = { name: 'lea', role: 'lead' as const };
    const decide = async () => {
      // From the other end than the step, and some of them taken back.
      for (let from = decided.length - 5; from >= 0; from -= 5) {
        const ids = decided.slice(from, from + 5);
        const { decision } = await desk.relabel(lea, { label: 'ham', ids });
        await desk.undo(lea, decision!.id);
        await desk.relabel(lea, { label: 'ham', ids });
      }
    };
    const label = async () => {
      for (let from = 0; from < rows.length; from += 20) {
        const page = await store.rowsOf(rows.slice(from, from + 20).map((row) => row.id));
        await store.edit(
          id,
          page.map((row) => ({ kind: 'label', row, label: 'spam' })),
        );
      }
      await store.finish(id);
      await store.undo(id, 'anna');
    };
    await Promise.all([decide(), label()]);
    const whole = decided.slice(decided.length % 5);
    for (const row of await store.rows({ after: 0, limit: 200 }))
      expect([row.id, row.label, row.labelled_by]).toEqual(
        whole.includes(row.id) ? [row.id, 'ham', 'lea'] : [row.id, null, null],
      );
    await store.close();
    await decisions.close();
  });

  it('of two processes that begin a step at the same time, one does and the other is refused', async () => {
    const options = await test.freshDatabase();
    const stores = Array.from({ length: 4 }, () => mysqlLabelStore(options).store);
    const begun = await Promise.allSettled(
      stores.map((store) => store.begin({ kind: 'rest', about: 'all', parameters: null, by: 'anna' })),
    );
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = begun.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused.map(({ code }) => code)).toEqual(['STEP_RUNNING', 'STEP_RUNNING', 'STEP_RUNNING']);
    for (const store of stores) await store.close();
  });
});
