import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { describeReviewStore } from '../contract/suites/review-store.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { RecordedTelemetry } from './recorded.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeReviewStore(name, async () => {
    const options = await test.freshDatabase();
    return {
      open: () => MysqlReviewStore.open({ options, telemetry: new RecordedTelemetry(), log: quietLog }),
      dispose: async () => {
        await test.ask(test.server.access, `drop database ${options.database}`);
      },
    };
  });

  it('runs the version that is named', async () => {
    const [row] = await test.ask(test.server.access, 'select version() as version');
    expect(row?.version).toMatch(name === 'MySQL 8.0' ? /^8\.0\./ : /^10\.11\..*MariaDB/);
  });
});
