import { join } from 'node:path';
import { openLibsqlReviewStore } from '../../src/adapters/libsql/libsql-review-store.ts';
import { describeReviewStore } from './suites/review-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeReviewStore('libsql', async () => {
  const folder = await temporaryFolder();
  return {
    open: () => openLibsqlReviewStore(join(folder.path, 'store', 'sluice.db')),
    dispose: folder.dispose,
  };
});
