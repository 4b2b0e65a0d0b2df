import { join } from 'node:path';
import { libsqlModelRegistry } from '../../src/adapters/libsql/libsql-model-registry.ts';
import { openLibsqlReviewStore } from '../../src/adapters/libsql/libsql-review-store.ts';
import { describeModelRegistry } from './suites/model-registry.ts';
import { describeReviewStore } from './suites/review-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeReviewStore('libsql', async () => {
  const folder = await temporaryFolder();
  return {
    open: () => openLibsqlReviewStore(join(folder.path, 'store', 'sluice.db')),
    dispose: folder.dispose,
  };
});

describeModelRegistry('libsql', async () => {
  const folder = await temporaryFolder();
  return {
    open: (now) => libsqlModelRegistry(join(folder.path, 'store', 'sluice.db'), now),
    dispose: folder.dispose,
  };
});
