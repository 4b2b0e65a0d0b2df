import { afterAll, beforeAll, describe } from 'vitest';
import { mysqlDecisionStore } from '../../src/adapters/mysql/mysql-decision-store.ts';
import { mysqlErasure } from '../../src/adapters/mysql/mysql-erasure.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { describeErasure } from '../contract/suites/erasure.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { RecordedTelemetry } from '../services/recorded.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeErasure(name, async () => {
    const options = await test.freshDatabase();
    return {
      openReviews: () =>
        MysqlReviewStore.open({ options, telemetry: new RecordedTelemetry(), log: quietLog }),
      open: async (now) => mysqlDecisionStore(options, now),
      openErasure: async (now) => mysqlErasure(options, now),
      rows: (statement) => test.ask(options, statement),
      run: async (statement) => {
        await test.ask(options, statement);
      },
      dispose: async () => {
        await test.ask(test.server.access, `drop database ${options.database}`);
      },
    };
  });
});
