import { afterAll, beforeAll, describe } from 'vitest';
import { mysqlAccountStore } from '../../src/adapters/mysql/mysql-account-store.ts';
import { describeAccountStore } from '../contract/suites/account-store.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeAccountStore(name, async () => {
    const options = await test.freshDatabase();
    return {
      open: async () => mysqlAccountStore(options),
      rows: (statement) => test.ask(options, statement),
      dispose: async () => {
        await test.ask(test.server.access, `drop database ${options.database}`);
      },
    };
  });
});
