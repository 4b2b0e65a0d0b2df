import { appendFile, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../../src/adapters/libsql/lock-file.ts';
import { openStores } from '../../../src/app/erasure/open-stores.ts';
import { eraserOf } from '../../../src/app/tasks/erase.ts';
import { subjectOf } from '../../../src/core/erasure.ts';
import { eraseSubject } from '../../../src/erasure/erase-subject.ts';
import type { ErasableStore } from '../../../src/ports/erasable-store.ts';
import { memoryUnfinished } from '../../contract/suites/erasure.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { ErasableFolder, type Kind, kinds, type TestMessage } from './erasable-folder.ts';

let folder: ErasableFolder;
beforeEach(async () => {
  folder = await ErasableFolder.make();
});
afterEach(() => folder.dispose());

const who = 'a test';
const run = (sender: string, dryRun = false) =>
  eraserOf(folder.settings, quietLog).erase(subjectOf('sender', sender), { dryRun, who });
const mallory = (id: string, text: string, ...stores: readonly Kind[]): TestMessage => ({
  ...{ sender: 'mallory', id, text, in: stores.length === 0 ? kinds : stores },
});
const trent = (id: string, text: string, ...stores: readonly Kind[]): TestMessage => ({
  ...mallory(id, text, ...stores),
  sender: 'trent',
});
const holders = ['database', 'dead letters', 'refused records', 'review spool', 'inbox'];
const token = 'qxzvkwyjhbtmprnd';
const secret = `Ring me "tonight" 😀 \\ über ${token} \ud83d and bring it`;

/** In each kind of file and table, what the others have is there as before, and what the subject had is not. */
async function expectOthersUntouched(
  before: Readonly<Record<string, readonly string[]>>,
  isOwn: (row: string) => boolean,
) {
  const after = await folder.snapshot();
  for (const [name, rows] of Object.entries(before)) {
    const others = rows.filter((row) => !isOwn(row));
    const left = name === 'review' ? after[name]!.filter((row) => others.includes(row)) : after[name];
    expect([name, left]).toEqual([name, others]);
  }
}

/** Whether a line or a row holds the token, read by the test itself. */
const holds = (each: string) => (row: string) => {
  const hex = Buffer.from(each).toString('hex').toUpperCase();
  const raw = [...row.matchAll(/"raw":"([^"]*)"/g)].map(([, base64]) =>
    Buffer.from(base64!, 'base64').toString(),
  );
  return [row, ...raw].some((text) => text.includes(each) || text.includes(hex));
};

describe('erasing a sender', () => {
  it('erasing a sender leaves no byte of the text in any file, all records of others as they were, and proves it', async () => {
    await folder.write([mallory('1', secret), trent('2', 'Nothing to see in this message of somebody else')]);
    const before = await folder.snapshot();
    expect((await folder.filesWith(token)).length).toBeGreaterThan(4);
    const report = await run('mallory');
    expect(await folder.filesWith(token)).toEqual([]);
    expect(report.stores.filter(({ found }) => found > 0)).toEqual([]);
    expect(report).toMatchObject({ complete: true, dry_run: false });
    expect(Object.fromEntries(report.stores.map(({ store, removed }) => [store, removed]))).toMatchObject({
      ...{ database: 3, 'dead letters': 2, 'refused records': 1, 'review spool': 1, inbox: 1 },
    });
    for (const { store, bytes } of report.stores)
      if (store !== 'verdicts' && store !== 'outcome log') expect([store, bytes > 0]).toEqual([store, true]);
    await expectOthersUntouched(before, holds(token));
  });

  it('erasing a sender keeps the offsets of the inbox: nothing is read again, and what is appended is read', async () => {
    await folder.write([
      mallory('1', secret),
      trent('2', 'a harmless message'),
      mallory('3', `${secret} again`),
    ]);
    expect(await run('mallory')).toMatchObject({ complete: true });
    expect(await folder.readInbox()).toEqual([]);
    const next = JSON.stringify({ message: 'new', message_id: '9' });
    await appendFile(join(folder.settings.source.file.inbox, 'in.jsonl'), `${next}\n`);
    expect(await folder.readInbox()).toEqual([next]);
  });

  it('erasing a sender leaves lines that were not read yet, and reports that they remain', async () => {
    await folder.write([mallory('1', secret)]);
    const line = JSON.stringify({ message: `${secret} unread`, message_id: '7', sender: 'mallory' });
    await appendFile(join(folder.settings.source.file.inbox, 'in.jsonl'), `${line}\n`);
    const report = await run('mallory');
    expect(report.complete).toBe(false);
    expect(report.stores.find(({ store }) => store === 'inbox')).toMatchObject({ removed: 1 });
    expect(await folder.readInbox()).toEqual([line]);
    expect(await run('mallory')).toMatchObject({ complete: true });
    expect(await folder.filesWith(token)).toEqual([]);
  });

  it('erasing a sender removes no text of another sender who wrote the same', async () => {
    await folder.write([mallory('1', secret), trent('2', secret, 'review', 'letter', 'spool', 'inbox')]);
    expect(await run('mallory')).toMatchObject({ complete: true });
    const rows = folder.sql((client) => client.prepare(`select message_id, state from review`).all());
    expect(rows).toMatchObject([{ state: 'erased' }, { state: 'open' }]);
    const report = await run('trent');
    expect(report).toMatchObject({ complete: true });
    expect(await folder.filesWith(token)).toEqual([]);
  });

  it('erasing a sender finds a text that somebody copied into the state folder, and names the file', async () => {
    await folder.write([mallory('1', secret)]);
    await mkdir(join(folder.settings.state.path, 'old'));
    const copy = join(folder.settings.state.path, 'old', 'dead-letters.jsonl.1');
    await writeFile(copy, await readFile(folder.settings.deadLetters.file.path));
    const report = await run('mallory');
    expect(report.complete).toBe(false);
    expect(report.stores.find(({ store }) => store === 'other files')?.note).toContain(
      'dead-letters.jsonl.1',
    );
    // What to look for is still known when the text is nowhere else.
    expect((await run('mallory')).complete).toBe(false);
    await writeFile(copy, '');
    expect((await run('mallory')).complete).toBe(true);
  });

  it('erasing a sender while a daemon runs leaves the files that it has open, names what to do, and erases the rest', async () => {
    await folder.write([mallory('1', secret)]);
    const held = lockFile(join(folder.settings.state.path, 'daemon.pid.claim'))!;
    const before = await stat(folder.settings.deadLetters.file.path);
    const appending = await open(folder.settings.deadLetters.file.path, 'a');
    try {
      const report = await run('mallory');
      const left = report.stores.filter(({ found }) => found > 0);
      expect(left.map(({ store }) => store)).toEqual(['review spool', 'inbox']);
      for (const { note } of left) expect(note).toContain('stop it');
      // The daemon goes on appending to the same file.
      await appending.write('{}\n');
      const after = await stat(folder.settings.deadLetters.file.path);
      expect([after.ino, after.size]).toEqual([before.ino, before.size + 3]);
    } finally {
      await appending.close();
      held.release();
    }
    expect(await run('mallory')).toMatchObject({ complete: true });
    expect(await folder.filesWith(token)).toEqual([]);
  });

  it('a dry run counts what would be erased and changes no byte', async () => {
    await folder.write([mallory('1', secret)]);
    const before = await folder.snapshot();
    const report = await run('mallory', true);
    expect(report.stores.reduce((sum, { removed }) => sum + removed, 0)).toBe(8);
    expect(await folder.snapshot()).toEqual(before);
  });
});

describe('the proof of an erasure', () => {
  it('the proof of an erasure finds by bytes alone what each store still holds, where nothing was erased', async () => {
    await folder.write([mallory('1', secret)]);
    const opened = await openStores(folder.settings, quietLog);
    try {
      // Neither erases nor knows its records: only the scan is left.
      const stores = opened.stores.map((store) =>
        changed(store, { erase: async () => 0, count: async () => 0 }),
      );
      const report = await eraseSubject({
        ...{ subject: subjectOf('sender', 'mallory'), dryRun: false, stores, unreachable: [] },
        ...{ unfinished: memoryUnfinished(), recorded: async () => {} },
      });
      expect(report.stores.filter(({ found }) => found > 0).map(({ store }) => store)).toEqual(holders);
      expect(report.complete).toBe(false);
    } finally {
      await opened.close();
    }
  });

  it.each(holders)('the proof of an erasure fails where %s was skipped', async (skipped) => {
    await folder.write([mallory('1', secret)]);
    const opened = await openStores(folder.settings, quietLog);
    try {
      const stores = opened.stores.map((store) =>
        store.name === skipped ? changed(store, { erase: async () => 0 }) : store,
      );
      const report = await eraseSubject({
        ...{ subject: subjectOf('sender', 'mallory'), dryRun: false, stores, unreachable: [] },
        ...{ unfinished: memoryUnfinished(), recorded: async () => {} },
      });
      expect(report.stores.filter(({ found }) => found > 0).map(({ store }) => store)).toEqual([skipped]);
    } finally {
      await opened.close();
    }
  });

  it('the proof of an erasure fails where the file of the database was not written again', async () => {
    await folder.write([mallory('1', secret)]);
    const opened = await openStores(folder.settings, quietLog);
    try {
      const stores = opened.stores.map((store) => changed(store, { clean: async () => {} }));
      const report = await eraseSubject({
        ...{ subject: subjectOf('sender', 'mallory'), dryRun: false, stores, unreachable: [] },
        ...{ unfinished: memoryUnfinished(), recorded: async () => {} },
      });
      expect(report.stores.filter(({ found }) => found > 0).map(({ store }) => store)).toEqual(['database']);
    } finally {
      await opened.close();
    }
  });
});

describe('an erasure that was killed', () => {
  it.each([0, 2, 4])(
    'an erasure that was killed after %i stores ends in the same when it is run again',
    async (after) => {
      await folder.write([mallory('1', secret), trent('2', 'a harmless message of somebody else')]);
      const before = await folder.snapshot();
      const opened = await openStores(folder.settings, quietLog);
      let left = after;
      const dying = opened.stores.map((store) =>
        changed(store, {
          erase: async (wanted) => {
            if (left-- === 0) throw new Error('killed');
            return store.erase(wanted);
          },
          clean: async () => {
            throw new Error('killed');
          },
        }),
      );
      const unfinished = memoryUnfinished();
      await expect(
        eraseSubject({
          ...{ subject: subjectOf('sender', 'mallory'), dryRun: false, stores: dying, unreachable: [] },
          ...{ unfinished, recorded: async () => {} },
        }),
      ).rejects.toThrow('killed');
      // What it had found is known to the next run, also where it is nowhere any more.
      expect(unfinished.kept?.identities).toContainEqual({ community: 'forum', message_id: '1' });
      await opened.close();
      expect(await run('mallory')).toMatchObject({ complete: true });
      expect(await folder.filesWith(token)).toEqual([]);
      await expectOthersUntouched(before, holds(token));
      expect(await folder.readInbox()).toEqual([]);
    },
  );

  it('an erasure that was killed within a line is ended by the next one, and the source reads nothing again', async () => {
    await folder.write([mallory('1', secret), trent('2', 'a harmless message of somebody else')]);
    const path = join(folder.settings.source.file.inbox, 'in.jsonl');
    const line = (await readFile(path)).indexOf('\n');
    const offsets = join(folder.settings.state.path, 'offsets.json');
    const kept = JSON.parse(await readFile(offsets, 'utf8'));
    const sha = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    Object.assign(kept.files['in.jsonl'], { headBytes: 0, headSha256: sha });
    await writeFile(offsets, JSON.stringify(kept));
    const plan = { schema: 1, files: [{ path, inode: (await stat(path)).ino, ranges: [[0, line]] }] };
    await writeFile(join(folder.settings.state.path, 'erase-lines.json'), JSON.stringify(plan));
    const file = await open(path, 'r+');
    await file.write('\n'.repeat(20), 0);
    await file.close();
    expect(await folder.readInbox()).toEqual([]);
    await writeFile(offsets, JSON.stringify(kept));
    expect(await run('mallory')).toMatchObject({ complete: true });
    expect(await folder.filesWith(token)).toEqual([]);
    expect(JSON.parse(await readFile(offsets, 'utf8')).files['in.jsonl'].headBytes).toBeGreaterThan(0);
    expect(await folder.readInbox()).toEqual([]);
  });
});

describe('any text in any stores', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\u0000',
      '/',
      '\u2028',
      '😀',
      '\ud83d',
      '\udc00',
      'ü',
      '\\u0041',
      '{"a":1}',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const letters = fc.stringMatching(/^[b-df-hj-np-tv-z]{16}$/);
  const message = fc.record({
    ...{ head: text, tail: text, token: letters, isOwn: fc.boolean() },
    in: fc.subarray([...kinds], { minLength: 1 }),
  });

  it('any text in any stores is gone from every byte when it was erased, and the others are untouched', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(message, { minLength: 2, maxLength: 6, selector: (each) => each.token }),
        async (all) => {
          await folder.dispose();
          folder = await ErasableFolder.make();
          const messages = all.map(({ head, token: mark, tail, isOwn, in: stores }, index) => {
            const made = (isOwn ? mallory : trent)(`id-${index}`, `${head}${mark}${tail}`, ...stores);
            // A training row names nobody: it is known by a text that another store has with its sender.
            return { ...made, in: [...new Set<Kind>([...stores, 'review'])] };
          });
          await folder.write(messages);
          const before = await folder.snapshot();
          const own = all.filter(({ isOwn }) => isOwn).map((each) => each.token);
          expect(await run('mallory')).toMatchObject({ complete: true });
          for (const mark of own) expect(await folder.filesWith(mark)).toEqual([]);
          await expectOthersUntouched(before, (row) => own.some((mark) => holds(mark)(row)));
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  });
});

describe('retention', () => {
  it('retention erases decided rows and dead letters that are older than configured, and keeps everything by default', async () => {
    await folder.write([mallory('1', secret), trent('2', 'another message', 'review')]);
    folder.sql((client) =>
      client.exec(
        `update review set state = 'labelled', label = 'spam', labelled_at = 1000 where message_id = '1'`,
      ),
    );
    const before = await folder.snapshot();
    expect(await eraserOf(folder.settings, quietLog).expire({ who })).toEqual({
      decided_rows: null,
      dead_letters: null,
    });
    expect(await folder.snapshot()).toEqual(before);
    const retention = { decidedDays: 2, deadLetterDays: 30 };
    const settings = { ...folder.settings, retention };
    const now = Date.parse('2026-12-24T00:00:00Z');
    expect(await eraserOf(settings, quietLog).expire({ who, now })).toEqual({
      decided_rows: 1,
      dead_letters: 0,
    });
    const later = now + 3 * 24 * 3600 * 1000;
    expect(await eraserOf(settings, quietLog).expire({ who, now: later })).toEqual({
      decided_rows: 0,
      dead_letters: 2,
    });
    const states = folder.sql((client) =>
      client.prepare('select state, message from review order by id').all(),
    );
    expect(states).toMatchObject([{ state: 'erased', message: '' }, { state: 'open' }]);
    expect((await readFile(settings.deadLetters.file.path, 'utf8')).trim()).toBe('');
  });
});

function changed(store: ErasableStore, methods: Partial<ErasableStore>): ErasableStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name in methods && Reflect.get(target, name) !== undefined) return Reflect.get(methods, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
