import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLibsqlDecisionStore } from '../../../src/adapters/libsql/libsql-decision-store.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { person, reviewItem } from '../../contract/suites/decision-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-decisions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('openLibsqlDecisionStore syncs the write-ahead log before a decision resolves', async () => {
  const path = join(folder, 'sluice.db');
  const reviews = await openLibsqlReviewStore(path);
  await reviews.add([reviewItem('a')]);
  let syncs = 0;
  const store = await openLibsqlDecisionStore(path, Date.now, {
    connect: (file) => new Database(file),
    openLog: async () => ({
      datasync: async () => {
        syncs++;
      },
      close: async () => {},
    }),
  });
  const [row] = (await store.list({ state: 'open', order: 'age', limit: 1 })).items;
  expect(syncs).toBe(0);
  await new ReviewDesk(store).decide(person('anna'), { label: 'spam', items: [{ review_id: row!.id }] });
  expect(syncs).toBe(1);
  await store.close();
  await reviews.close();
});

it('openLibsqlDecisionStore waits while another process writes to the file', async () => {
  const path = join(folder, 'sluice.db');
  const reviews = await openLibsqlReviewStore(path);
  await reviews.add([reviewItem('a')]);
  const store = await openLibsqlDecisionStore(path);
  const other = new Database(path);
  other.exec('begin immediate');
  const leased = new ReviewDesk(store).lease(person('anna'), { count: 1 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  other.exec('commit');
  other.close();
  expect((await leased).items).toHaveLength(1);
  await store.close();
  await reviews.close();
});
