import { afterAll, beforeAll, describe } from 'vitest';
import { mysqlDecisionStore } from '../../src/adapters/mysql/mysql-decision-store.ts';
import { mysqlTrainingData } from '../../src/adapters/mysql/mysql-training-data.ts';
import { describeTrainingData } from '../contract/suites/training-data.ts';
import { type SqlServerName, sqlServers, startTestServer, type TestServer } from './sql-servers.ts';

describe.each(Object.keys(sqlServers) as SqlServerName[])('%s', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name);
  });
  afterAll(() => test?.dispose());

  describeTrainingData(name, async () => {
    const options = await test.freshDatabase();
    return {
      open: async () => mysqlTrainingData(options),
      openDecisions: async (now) => mysqlDecisionStore(options, now),
      run: async (statement) => void (await test.ask(options, statement)),
      dispose: async () => {},
    };
  });
});
