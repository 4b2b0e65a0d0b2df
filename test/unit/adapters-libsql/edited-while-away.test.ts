import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReviewSpool } from '../../../src/adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../../src/adapters/file/spooling-review-store.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { systemClock } from '../../../src/pipeline/system-clock.ts';
import type { NewReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';
import { quietLog } from '../../contract/temporary-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-edited-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function versionOf(offset: number, message: string, id = 'm'): NewReviewItem {
  return {
    ...{ community: 'a\ud800', message_id: id, message, sender: null, probability: 0.6, reasons: [] },
    ...{ model: 'v', position: { topic: 't', partition: 0, offset }, origin: 'band' },
  };
}

it('a message that is edited while the database is unavailable has its newest text afterwards, and is counted once', async () => {
  const database = await openLibsqlReviewStore(join(folder, 'sluice.db'));
  let unavailable = false;
  const store: ReviewStore = {
    settleSeconds: 0,
    add: async (items) => {
      if (unavailable) throw new SluiceError('STORE_FAILED', 'unavailable', { retriable: true });
      return database.add(items);
    },
    list: (query) => database.list(query),
    count: () => database.count(),
    close: () => database.close(),
  };
  let counted = 0;
  let waiting = 0;
  const telemetry = {
    reviewItemsAdded: (count: number) => {
      counted += count;
    },
    spoolMeasured: ({ rows }: { readonly rows: number }) => {
      waiting = rows;
    },
  };
  const spool = await ReviewSpool.open({ folder: join(folder, 'spool'), maxBytes: 2 ** 20, log: quietLog });
  const spooling = new SpoolingReviewStore({ store, spool, telemetry, log: quietLog, clock: systemClock });
  counted += await spooling.add([versionOf(1, 'first')]);
  unavailable = true;
  counted += await spooling.add([versionOf(2, 'second'), versionOf(3, 'another', 'n')]);
  // The source repeats what was not committed.
  counted += await spooling.add([versionOf(1, 'first')]);
  expect(waiting).toBe(3);
  unavailable = false;
  await expect.poll(() => waiting, { timeout: 60_000 }).toBe(0);
  expect(counted).toBe(2);
  const rows = await spooling.list({ state: 'open', limit: 10 });
  expect(rows.map(({ community, message_id, message }) => [community, message_id, message])).toEqual([
    ['a\ud800', 'm', 'second'],
    ['a\ud800', 'n', 'another'],
  ]);
  await spooling.close();
});
