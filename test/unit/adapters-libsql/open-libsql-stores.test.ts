import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLibsqlStores } from '../../../src/adapters/libsql/open-libsql-stores.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { person, reviewItem } from '../../contract/suites/decision-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-stores-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('openLibsqlStores lets the pipeline add while a decision is in the middle of its transaction', async () => {
  const { reviews, decisions, accounts } = await openLibsqlStores(join(folder, 'sluice.db'));
  await reviews.add([reviewItem('a')]);
  let inside = () => {};
  const isInside = new Promise<void>((resolve) => {
    inside = resolve;
  });
  let finish = () => {};
  const decision = decisions.transact(async (transaction) => {
    inside();
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return transaction.lockRows([1]);
  });
  await isInside;
  const added = reviews.add([reviewItem('b')]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  finish();
  expect(await decision).toHaveLength(1);
  expect(await added).toBe(1);
  await reviews.close();
  await decisions.close();
  await accounts.close();
});

it('openLibsqlStores keeps the database open until both are closed', async () => {
  const { reviews, decisions, accounts } = await openLibsqlStores(join(folder, 'sluice.db'));
  await reviews.add([reviewItem('a')]);
  await reviews.close();
  await reviews.close();
  const decided = await new ReviewDesk(decisions).decide(person('anna'), {
    label: 'spam',
    items: [{ review_id: 1 }],
  });
  expect(decided.items).toEqual([1]);
  await decisions.close();
  await accounts.close();
  await expect(decisions.decisions({ limit: 1 })).rejects.toMatchObject({ code: 'STORE_FAILED' });
});
