import { join } from 'node:path';
import Database from 'libsql';
import { openLibsqlDecisionStore } from '../../src/adapters/libsql/libsql-decision-store.ts';
import { openLibsqlLabelStore } from '../../src/adapters/libsql/libsql-label-store.ts';
import { sqlLabelHarness } from '../contract/suites/label-fixture.ts';
import { describeLabelProperties } from '../contract/suites/label-properties.ts';
import { temporaryFolder } from '../contract/temporary-folder.ts';

describeLabelProperties(
  'libsql, over 2,000 sequences,',
  sqlLabelHarness(async () => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'store', 'sluice.db');
    const onClient = <T>(use: (client: Database.Database) => T): T => {
      const client = new Database(path);
      try {
        return use(client);
      } finally {
        client.close();
      }
    };
    return {
      open: (now) => openLibsqlDecisionStore(path, now),
      openLabels: async (now) => (await openLibsqlLabelStore(path, now)).store,
      rows: async (statement) =>
        onClient((client) => client.prepare(statement).all() as Record<string, unknown>[]),
      run: async (statement) => {
        onClient((client) => client.exec(statement));
      },
      dispose: folder.dispose,
    };
  }),
  { runs: 2000, timeoutMs: 3_600_000 },
);
