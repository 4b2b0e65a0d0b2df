import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlDecisionStore } from '../../../src/adapters/libsql/libsql-decision-store.ts';
import { libsqlModelRegistry } from '../../../src/adapters/libsql/libsql-model-registry.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';

/**
 * Databases as versions of Sluice have left them, by the commit of the version. Each was written by that version's own stores;
 * none is ever changed.
 */
const folderOfDatabases = join(import.meta.dirname, 'databases');
const commits = readdirSync(folderOfDatabases).map((name) => name.replace(/\.db\.gz$/, ''));

function itemOf(message_id: string, rest: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    ...{ community: 'forum', message_id, message: `text of ${message_id}`, sender: null, probability: 0.6 },
    ...{ reasons: ['word: "free"'], model: '20261101T000000Z-01234567', origin: 'band' },
    ...{ position: { topic: 'chat-messages', partition: 2, offset: 7 }, ...rest },
  };
}

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-earlier-'));
  path = join(folder, 'sluice.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('at least one database of an earlier version exists for the tests', () => {
  expect(commits).toContain('127147e');
});

describe.each(commits)('a database of %s', (commit) => {
  beforeEach(() => {
    writeFileSync(path, gunzipSync(readFileSync(join(folderOfDatabases, `${commit}.db.gz`))));
  });

  it('a libsql database of an earlier version is read as it was written', async () => {
    const store = await openLibsqlReviewStore(path);
    expect(await store.count()).toEqual({ open: 5, leased: 0, labelled: 1, erased: 0 });
    const rows = await store.list({ state: 'open', limit: 100 });
    expect(rows.map(({ id, state, created_at, ...item }) => item)).toEqual([
      itemOf('plain'),
      itemOf('😀 ünïcode', { sender: 'somebody' }),
      // That version lost the half of a pair.
      itemOf('a\ufffd'),
      itemOf('marked \ufdd0 once'),
      itemOf('', { community: '', message: '', probability: null, origin: 'unscorable' }),
    ]);
    expect(rows.map(({ id, created_at }) => [id, created_at])).toEqual(
      [1, 3, 4, 5, 6].map((id) => [id, 1_764_000_000_000]),
    );
    await store.close();
    const [model] = await libsqlModelRegistry(path).list();
    expect(model).toMatchObject({
      ...{ version: '20261101T000000Z-01234567', status: 'active', truePositiveRate: 0.9 },
      figures: { mcc: 0.9 },
    });
  });

  it('a libsql database of an earlier version accepts rows: repeated messages are not doubled, edited ones are updated, new ones are added', async () => {
    const store = await openLibsqlReviewStore(path);
    expect(
      await store.add([
        ...[itemOf('plain'), itemOf('😀 ünïcode'), itemOf('labelled')],
        itemOf('plain', { message: 'edited', position: { topic: 'chat-messages', partition: 2, offset: 8 } }),
        ...[itemOf('a\ud800'), itemOf('new')],
      ]),
    ).toBe(2);
    const rows = await store.list({ state: 'open', limit: 100 });
    expect(rows.map(({ message_id }) => message_id)).toEqual(
      expect.arrayContaining(['plain', 'a\ud800', 'a\ufffd', 'new']),
    );
    expect(rows.find(({ message_id }) => message_id === 'plain')).toMatchObject({ id: 1, message: 'edited' });
    expect(await store.count()).toEqual({ open: 7, leased: 0, labelled: 1, erased: 0 });
    await store.close();
  });

  it('a libsql database of an earlier version accepts decisions on its rows, and on its labels', async () => {
    const store = await openLibsqlDecisionStore(path);
    const desk = new ReviewDesk(store);
    const { items } = await store.list({ state: 'open', order: 'uncertainty', limit: 10 });
    expect(items).toHaveLength(5);
    await desk.decide(
      { name: 'anna', role: 'moderator' },
      {
        label: 'ham',
        items: items.map(({ id, version }) => ({ review_id: id, version })),
      },
    );
    const [labeled] = (await store.list({ state: 'labelled', order: 'age', limit: 1 })).items;
    const label = labeled!.label === 'spam' ? 'ham' : 'spam';
    await desk.decide(
      { name: 'lead', role: 'lead' },
      {
        ...{ label, items: [{ review_id: labeled!.id }], overrule: true },
      },
    );
    expect((await store.outboxDepth()).rows).toBe(6);
    await store.close();
  });
});
