import { afterAll, beforeAll, describe } from 'vitest';
import { mysqlDecisionStore } from '../../src/adapters/mysql/mysql-decision-store.ts';
import { mysqlLabelStore } from '../../src/adapters/mysql/mysql-label-store.ts';
import { describeLabelSequence } from '../contract/suites/label-sequence.ts';
import { temporaryFolder } from '../contract/temporary-folder.ts';
import { startTestServer, type TestServer } from './sql-servers.ts';

describe('MySQL 8.0', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer('MySQL 8.0');
  });
  afterAll(() => test?.dispose());

  describeLabelSequence('MySQL 8.0', async () => {
    const options = await test.freshDatabase();
    const folder = await temporaryFolder();
    const { host, port, user, password, database } = options;
    return {
      settings: [
        'store.kind=mysql',
        ...Object.entries({ host, port, user, database }).map(
          ([name, value]) => `store.mysql.${name}=${value}`,
        ),
        'store.mysql.tls.mode=off',
        `state.path=${folder.path}`,
      ],
      environment: { SLUICE_STORE__MYSQL__PASSWORD: password! },
      openDecisions: async () => mysqlDecisionStore(options),
      openLabels: async () => mysqlLabelStore(options).store,
      run: async (statement) => {
        await test.ask(options, statement);
      },
      dispose: async () => {
        await test.ask(test.server.access, `drop database ${database}`);
        await folder.dispose();
      },
    };
  });
});
