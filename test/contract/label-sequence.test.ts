import { join } from 'node:path';
import Database from 'libsql';
import { openLibsqlDecisionStore } from '../../src/adapters/libsql/libsql-decision-store.ts';
import { openLibsqlLabelStore } from '../../src/adapters/libsql/libsql-label-store.ts';
import { describeLabelSequence } from './suites/label-sequence.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeLabelSequence('libsql', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'sluice.db');
  return {
    settings: ['store.kind=libsql', `store.libsql.path=${path}`, `state.path=${folder.path}`],
    openDecisions: () => openLibsqlDecisionStore(path),
    openLabels: async () => (await openLibsqlLabelStore(path)).store,
    run: async (statement) => {
      await (await openLibsqlDecisionStore(path)).close();
      const client = new Database(path);
      client.exec(statement);
      client.close();
    },
    dispose: folder.dispose,
  };
});
