import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOfDeadLetter } from '../../../src/adapters/file/dead-letter-line.ts';
import { lockFile } from '../../../src/adapters/libsql/lock-file.ts';
import { replayDeadLetters } from '../../../src/app/tasks/dead-letters.ts';
import { openLetterDesk } from '../../../src/app/tasks/open-letter-desk.ts';
import type { DeadLetterReason } from '../../../src/core/dead-letter.ts';
import type { AccountActivity, AccountStore } from '../../../src/ports/account-store.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { quietLog, type TemporaryFolder, temporaryFolder } from '../../contract/temporary-folder.ts';
import { type Answered, reviewApi } from './review-fixture.ts';

let folder: TemporaryFolder;
let settings: Settings;
let api: Awaited<ReturnType<typeof reviewApi>>;
let recorded: AccountActivity[];
const log = { ...quietLog, child: () => quietLog };

beforeEach(async () => {
  folder = await temporaryFolder();
  const baseFolders = { workingDirectory: folder.path, packageRoot: folder.path };
  const assignments = ['state.path=.', 'source.file.inbox=inbox'];
  ({ settings } = await loadSettings({ environment: {}, assignments, baseFolders }));
  recorded = [];
  const transact = async (work: (transaction: unknown) => Promise<unknown>) =>
    work({ record: async (entry: AccountActivity) => void recorded.push(entry) });
  const letters = openLetterDesk(settings, { transact } as unknown as AccountStore, log);
  api = await reviewApi({ letters });
});
afterEach(async () => {
  await api.dispose();
  await folder.dispose();
});

const time = (minute: number) => Date.UTC(2026, 10, 30, 10, minute);
const lineOf = (
  offset: number,
  bytes: string | Uint8Array = `message ${offset}`,
  reason: DeadLetterReason = 'not-json',
) =>
  `${lineOfDeadLetter(
    {
      position: { topic: 'in.jsonl', partition: 0, offset },
      reason,
      detail: 'of a test',
      bytes: Buffer.from(bytes),
    },
    new Date(time(offset)).toISOString(),
  )}\n`;
const path = () => settings.deadLetters.file.path;
const write = (...lines: readonly string[]) => writeFile(path(), lines.join(''), { flag: 'a' });
const inbox = () => readFile(join(folder.path, 'inbox', 'replayed.jsonl'), 'utf8').catch(() => '');
const list = async (query = '') => (await api.get(`/api/v1/dead-letters${query}`, 'lea lead')).body;
const offsets = (page: { items: { position?: { offset: number } }[] }) =>
  page.items.map(({ position }) => position?.offset);
const replay = (
  body: object,
  { key, as = 'lea lead' }: { key?: string; as?: string } = {},
): Promise<Answered> =>
  api.ask({
    ...{ method: 'POST', url: '/api/v1/dead-letters/replay', body, as: as as 'lea lead' },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
const outcomes = ({ body }: Answered) => body.letters.map(({ outcome }: { outcome: string }) => outcome);

describe('the list of dead letters', () => {
  it('has the newest first, with position, time and reason, bytes as text and hex, in pages', async () => {
    await write(lineOf(1), lineOf(2, Buffer.from('<b>caf\xe9</b>', 'latin1')), lineOf(3));
    const first = await list('?limit=2');
    expect(first.items[1]).toMatchObject({
      ...{ kind: 'letter', reason: 'not-json', detail: 'of a test', bytes: 11, shown_bytes: 11 },
      ...{ position: { topic: 'in.jsonl', partition: 0, offset: 2 }, stored_at: time(2) },
      content: [{ text: '<b>caf' }, { hex: 'e9' }, { text: '</b>' }],
      ...{ replayed: false, unsendable: null },
    });
    const second = await list(`?after=${first.next}`);
    expect([offsets(first), offsets(second), second.next]).toEqual([[3, 2], [1], null]);
  });

  it('is filtered by reason, time and position', async () => {
    await write(lineOf(1), lineOf(2, 'x', 'kills-scorer'), lineOf(3));
    expect(offsets(await list('?reason=kills-scorer'))).toEqual([2]);
    expect(offsets(await list(`?from=${time(2)}&to=${time(3)}`))).toEqual([2]);
    expect(offsets(await list('?topic=in.jsonl&partition=0&offset=3'))).toEqual([3]);
    expect(offsets(await list('?topic=other'))).toEqual([]);
  });

  it('shows what was erased as erased, and a line that is no dead letter as unreadable', async () => {
    const erased = lineOf(2);
    await write(lineOf(1), '\n'.repeat(erased.length), 'what somebody wrote\n', lineOf(3));
    const { items } = await list();
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual([
      'letter',
      'unreadable',
      'erased',
      'letter',
    ]);
    expect(items[2].bytes).toBe(erased.length);
  });

  it('reads a bounded part of a large file, and says where it goes on', async () => {
    const large = lineOf(1, 'x'.repeat(3_000_000), 'too-large');
    await write(lineOf(0), large, large, large);
    const first = await list('?reason=not-json');
    expect([first.items, first.next]).toEqual([[], expect.stringMatching(/^\d+$/)]);
    expect(offsets(await list(`?reason=not-json&after=${first.next}`))).toEqual([0]);
    const whole = await list('?limit=1');
    expect(whole.items[0]).toMatchObject({ bytes: 3_000_000, shown_bytes: 2048 });
  });

  it('is empty without a file, refuses a foreign cursor, and is for leads alone', async () => {
    expect(await list()).toEqual({ items: [], next: null, since: null, complete: true });
    await write(lineOf(1));
    expect((await api.get('/api/v1/dead-letters?after=x', 'lea lead')).status).toBe(400);
    expect((await api.get('/api/v1/dead-letters', 'mo moderator')).status).toBe(403);
  });
});

describe('replaying dead letters', () => {
  const idOf = async (offset: number): Promise<string> =>
    (await list()).items.find((item: { position: { offset: number } }) => item.position.offset === offset).id;

  it('sends those that were chosen, in the order in which they came, and records who did it', async () => {
    await write(lineOf(1), lineOf(2), lineOf(3));
    const answer = await replay({ ids: [await idOf(3), await idOf(1)] });
    expect([answer.status, outcomes(answer), answer.body.more]).toEqual([
      200,
      ['replayed', 'replayed'],
      false,
    ]);
    expect(await inbox()).toBe('message 1\nmessage 3\n');
    expect((await list()).items.map(({ replayed }: { replayed: boolean }) => replayed)).toEqual([
      true,
      false,
      true,
    ]);
    expect(recorded).toMatchObject([
      { who: 'lea', what: 'dead letters replayed', after: { chosen: 2, replayed: 2 } },
    ]);
    // The command line knows of it.
    expect(await replayDeadLetters(settings, log, { dryRun: false })).toMatchObject({ replayed: 1 });
    expect(await inbox()).toBe('message 1\nmessage 3\nmessage 2\n');
  });

  it('sends nothing twice: not for a double click, the same key, or another key', async () => {
    await write(lineOf(1));
    const ids = [await idOf(1)];
    const both = await Promise.all([replay({ ids }, { key: 'a' }), replay({ ids }, { key: 'a' })]);
    expect(both.map(outcomes)).toEqual([['replayed'], ['replayed']]);
    expect(outcomes(await replay({ ids }, { key: 'b' }))).toEqual(['already-replayed']);
    const races = await Promise.all([replay({ ids }), replay({ ids })]);
    for (const { status } of races) expect([200, 409]).toContain(status);
    expect((await replay({ filter: {} }, { key: 'a' })).status).toBe(422);
    expect(await inbox()).toBe('message 1\n');
    expect(recorded.filter(({ after }) => (after as { replayed?: number }).replayed === 1)).toHaveLength(1);
  });

  it('sends what a filter matches and was not sent, and leaves the rest', async () => {
    await write(lineOf(1), lineOf(2, 'poison', 'kills-scorer'), lineOf(3), lineOf(4, ' ', 'empty'));
    await replay({ ids: [await idOf(1)] });
    const answer = await replay({ filter: { reason: 'not-json' } });
    expect(outcomes(answer)).toEqual(['replayed']);
    expect(await inbox()).toBe('message 1\nmessage 3\n');
    // One without content cannot be sent, and is no reason to stop.
    expect(outcomes(await replay({ filter: {} }))).toEqual(['replayed']);
  });

  it('says of each letter what cannot be sent and what is gone', async () => {
    await write(lineOf(1, 'two\nlines'), lineOf(2), lineOf(3));
    const ids = [await idOf(1), await idOf(2), await idOf(3), 'no id'];
    const content = await readFile(path(), 'utf8');
    await writeFile(path(), content.replace(lineOf(2), '\n'.repeat(lineOf(2).length)));
    const answer = await replay({ ids });
    expect(
      answer.body.letters.map(({ outcome, detail }: Record<string, unknown>) => [outcome, detail]),
    ).toEqual([
      ['cannot-be-sent', expect.stringContaining('line break')],
      ['gone', null],
      ['replayed', null],
      ['gone', null],
    ]);
    expect(await inbox()).toBe('message 3\n');
  });

  it('waits for no other replay, and is for leads alone', async () => {
    await write(lineOf(1));
    const ids = [await idOf(1)];
    expect((await replay({ ids }, { as: 'mo moderator' })).status).toBe(403);
    const held = lockFile(`${path()}.replay-lock`)!;
    const answer = await replay({ ids }, { key: 'k' });
    expect([answer.status, answer.body.type]).toEqual([409, 'urn:sluice:problem:replay-running']);
    held.release();
    expect(outcomes(await replay({ ids }, { key: 'k' }))).toEqual(['replayed']);
    expect((await replay({ ids, filter: {} })).status).toBe(400);
    expect((await replay({ ids }, { key: 'k'.repeat(101) })).status).toBe(400);
  });
});
