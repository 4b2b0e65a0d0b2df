import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlLabelStore } from '../../src/adapters/libsql/libsql-label-store.ts';
import { openLibsqlStores } from '../../src/adapters/libsql/open-libsql-stores.ts';
import { LabelDeskThread } from '../../src/app/label-desk/label-desk-thread.ts';
import { builtEntry } from '../../src/app/package-root.ts';
import type { Actor } from '../../src/core/decision.ts';
import type { LabelView } from '../../src/ports/label-desk.ts';
import { ReviewDesk } from '../../src/review/review-desk.ts';
import { settingsSchema } from '../../src/settings/settings-schema.ts';
import { FakeLog } from '../unit/http/fakes.ts';
import { sentences } from '../unit/labeling/own-sentences.ts';

const ann: Actor = { name: 'ann', role: 'lead' };
const ben: Actor = { name: 'ben', role: 'lead' };
const spam = sentences('spam', 150);
const ham = sentences('ham', 150);

let folder: string;
let stores: Awaited<ReturnType<typeof openLibsqlStores>>;
let desk: LabelDeskThread;
let scored: number;
let log: FakeLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-label-desk-'));
  const path = join(folder, 'sluice.db');
  const { store } = await openLibsqlLabelStore(path);
  const { id } = await store.begin({ kind: 'import', about: 'own', parameters: null, by: 'ann' });
  await store.add(
    id,
    [...spam, ...ham].map((message) => ({ message, community: 'forum', source: 'random' })),
    null,
  );
  await store.finish(id);
  await store.close();
  stores = await openLibsqlStores(path);
  scored = 0;
  log = new FakeLog();
  desk = new LabelDeskThread({
    settings: settingsSchema.parse({ store: { kind: 'libsql', libsql: { path } } }),
    entryFile: () => builtEntry('label-thread'),
    desk: new ReviewDesk(stores.decisions),
    priorOf: async (rows) => {
      scored += rows.length;
      return rows.map(({ message }) => (spam.includes(message) ? 0.7 : 0.3));
    },
    log,
  });
});
afterEach(async () => {
  await desk.close();
  await stores.reviews.close();
  await stores.decisions.close();
  await stores.accounts.close();
  rmSync(folder, { recursive: true, force: true });
});

async function first(who: Actor): Promise<LabelView> {
  for (;;) {
    const view = await desk.next(who);
    if (view.phase !== 'loading') return view;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the thread that asks people what to label', () => {
  it('two people label, each other messages; their answers are decisions that undo takes back', async () => {
    const started = await first(ann);
    expect([started.texts, started.usesModel, scored]).toEqual([300, true, 300]);
    const rows = new Set<number>();
    for (let step = 0; step < 20; step++) {
      const who = step % 2 === 0 ? ann : ben;
      const { question } = await desk.next(who);
      expect(rows.has(question!.row)).toBe(false);
      rows.add(question!.row);
      const answer = ham.includes(question!.message) ? 'ham' : 'spam';
      await desk.answer(who, { row: question!.row, answer });
    }
    const { items } = await stores.decisions.training.list({ limit: 200, filter: { labelled_by: 'ben' } });
    expect(items.length).toBeGreaterThanOrEqual(10);
    for (const { message, class: label } of items) expect(label).toBe(ham.includes(message) ? 'ham' : 'spam');
    const undone = await desk.undo(ben);
    const after = await stores.decisions.training.list({ limit: 200, filter: { labelled_by: 'ben' } });
    expect(after.items.length).toBe(items.length - undone.question!.rows);
    const { items: activity } = await stores.decisions.activity({ limit: 3 });
    expect(activity[0]).toMatchObject({ who: 'ben', what: 'undo' });
    expect(log.lines).toEqual([]);
  });

  it('a moderator’s answer is refused by the desk that decides, and the message stays', async () => {
    const mo: Actor = { name: 'mo', role: 'moderator' };
    const { question } = await first(mo);
    await expect(desk.answer(mo, { row: question!.row, answer: 'spam' })).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    });
    expect((await desk.next(mo)).question!.row).toBe(question!.row);
  });

  it('another process does not get a message that is shown, until it is given back', async () => {
    const { question } = await first(ann);
    const other = await openLibsqlLabelStore(join(folder, 'sluice.db'));
    expect(await other.leases.claim([question!.row])).toBe(false);
    await desk.leave(ann);
    expect(await other.leases.claim([question!.row])).toBe(true);
    await other.store.close();
  });
});
