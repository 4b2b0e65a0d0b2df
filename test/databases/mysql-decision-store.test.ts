import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlDecisionStore } from '../../src/adapters/mysql/mysql-decision-store.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { ReviewDesk } from '../../src/review/review-desk.ts';
import { person, reviewItem } from '../contract/suites/decision-fixture.ts';
import { describeDecisionStore } from '../contract/suites/decision-store.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { RecordedTelemetry } from '../services/recorded.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeDecisionStore(name, async () => {
    const options = await test.sharedDatabase();
    return {
      openReviews: () =>
        MysqlReviewStore.open({ options, telemetry: new RecordedTelemetry(), log: quietLog }),
      open: async (now) => mysqlDecisionStore(options, now),
      rows: (statement) => test.ask(options, statement),
      run: async (statement) => {
        await test.ask(options, statement);
      },
      dispose: () => test.empty(options),
    };
  });

  it('the leases of two processes end by the clock of the database server', async () => {
    const options = await test.freshDatabase();
    const store = mysqlDecisionStore(options);
    const reviews = await MysqlReviewStore.open({
      ...{ options, telemetry: new RecordedTelemetry(), log: quietLog },
    });
    await reviews.add([reviewItem('a')]);
    const { until } = await new ReviewDesk(store).lease(person('anna'), { count: 1 });
    const [row] = await test.ask(options, 'select floor(unix_timestamp(now(3)) * 1000) as now');
    const left = until - Number(row!.now);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
    await reviews.close();
    await store.close();
  });
});
