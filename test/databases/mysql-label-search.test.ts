import { afterAll, beforeAll, describe } from 'vitest';
import { mysqlLabelStore } from '../../src/adapters/mysql/mysql-label-store.ts';
import { describeLabelSearch } from '../contract/suites/label-search.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeLabelSearch(name, async () => {
    const options = await test.freshDatabase();
    const { store, search } = mysqlLabelStore(options);
    return { store, search, dispose: () => store.close() };
  });
});
