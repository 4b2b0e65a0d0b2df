import { join } from 'node:path';
import Database from 'libsql';
import { openLibsqlAccountStore } from '../../src/adapters/libsql/libsql-account-store.ts';
import { openLibsqlDecisionStore } from '../../src/adapters/libsql/libsql-decision-store.ts';
import { openLibsqlErasure } from '../../src/adapters/libsql/libsql-erasure.ts';
import { openLibsqlLabelStore } from '../../src/adapters/libsql/libsql-label-store.ts';
import { libsqlModelRegistry } from '../../src/adapters/libsql/libsql-model-registry.ts';
import { openLibsqlRetrainStore } from '../../src/adapters/libsql/libsql-retrain-store.ts';
import { openLibsqlReviewStore } from '../../src/adapters/libsql/libsql-review-store.ts';
import { openLibsqlTrainingData } from '../../src/adapters/libsql/libsql-training-data.ts';
import { describeAccountStore } from './suites/account-store.ts';
import { describeDecisionStore } from './suites/decision-store.ts';
import { describeErasure } from './suites/erasure.ts';
import { sqlLabelHarness } from './suites/label-fixture.ts';
import { describeLabelSearch } from './suites/label-search.ts';
import { describeLabelStore } from './suites/label-store.ts';
import { describeModelRegistry } from './suites/model-registry.ts';
import { describeRetrainStore } from './suites/retrain-store.ts';
import { describeReviewStore } from './suites/review-store.ts';
import { describeTrainingData } from './suites/training-data.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeReviewStore('libsql', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'store', 'sluice.db');
  return {
    open: () => openLibsqlReviewStore(path),
    run: async (statement) => {
      const client = new Database(path);
      client.exec(statement);
      client.close();
    },
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

describeRetrainStore('libsql', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'store', 'sluice.db');
  return {
    open: (now) => openLibsqlRetrainStore(path, now),
    registry: (now) => libsqlModelRegistry(path, now),
    dispose: folder.dispose,
  };
});

const decisionHarness = async () => {
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
    openReviews: () => openLibsqlReviewStore(path),
    open: (now: () => number) => openLibsqlDecisionStore(path, now),
    rows: async (statement: string) =>
      onClient((client) => client.prepare(statement).all() as Record<string, unknown>[]),
    run: async (statement: string) => {
      onClient((client) => client.exec(statement));
    },
    openErasure: (now: () => number) => openLibsqlErasure(path, { now }),
    dispose: folder.dispose,
    path,
  };
};

describeDecisionStore('libsql', decisionHarness);
describeLabelStore(
  'libsql',
  sqlLabelHarness(async () => {
    const harness = await decisionHarness();
    return { ...harness, openLabels: async (now) => (await openLibsqlLabelStore(harness.path, now)).store };
  }),
);
describeErasure('libsql', decisionHarness);
describeTrainingData('libsql', async () => {
  const { path, run, dispose, open } = await decisionHarness();
  return { open: () => openLibsqlTrainingData(path), openDecisions: open, run, dispose };
});

describeAccountStore('libsql', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'store', 'sluice.db');
  return {
    open: () => openLibsqlAccountStore(path),
    rows: async (statement) => {
      const client = new Database(path);
      try {
        return client.prepare(statement).all() as Record<string, unknown>[];
      } finally {
        client.close();
      }
    },
    dispose: folder.dispose,
  };
});

describeLabelSearch('libsql', async () => {
  const folder = await temporaryFolder();
  const { store, search } = await openLibsqlLabelStore(join(folder.path, 'store', 'sluice.db'));
  return {
    ...{ store, search },
    dispose: async () => {
      await store.close();
      await folder.dispose();
    },
  };
});
