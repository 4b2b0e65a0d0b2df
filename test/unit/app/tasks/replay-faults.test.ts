import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOfDeadLetter } from '../../../../src/adapters/file/dead-letter-line.ts';
import { replayDeadLetters } from '../../../../src/app/tasks/dead-letters.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { quietLog } from '../../../contract/temporary-folder.ts';
import { untilDone } from '../../../durability/attempts.ts';
import { onlySynced } from '../../../durability/disk-model.ts';
import { chance, faults, planOf } from '../../../durability/faults.ts';
import { MemoryDisk } from '../../../durability/memory-disk.ts';
import { diskAfter, watchPowerCuts } from '../../../durability/power-cuts.ts';

const { settings } = await loadSettings({
  environment: {},
  assignments: ['state.path=/state', 'source.file.inbox=/inbox'],
  baseFolders: { workingDirectory: '/', packageRoot: '/' },
});
const LETTERS = settings.deadLetters.file.path;
const MARKS = `${LETTERS}.replayed`;
const INBOX = '/inbox/replayed.jsonl';

const lineOf = (offset: number) =>
  `${lineOfDeadLetter(
    {
      position: { topic: 'a.jsonl', partition: 0, offset },
      reason: 'not-json',
      detail: '',
      bytes: Buffer.from(`message ${offset}`),
    },
    '2026-11-25T00:00:00.000Z',
  )}\n`;

/** Its disk is in memory, and no other replay can be there. */
const unlocked = () => ({ release: () => undefined });
const replay = (disk: MemoryDisk) => replayDeadLetters(settings, quietLog, { dryRun: false }, disk, unlocked);
const linesIn = (content: Buffer | undefined) =>
  (content ?? Buffer.alloc(0)).toString().split('\n').slice(0, -1);

describe('a replay of dead letters', () => {
  it('a replay marks a dead letter as replayed only once it is durable in the inbox', async () => {
    const disk = new MemoryDisk(new Map([[LETTERS, Buffer.from(lineOf(1))]]));
    await replay(disk);
    const order = disk.journal.filter((operation) => /^(append|datasync)/.test(operation));
    const sent = order.lastIndexOf(`append ${INBOX}`);
    const synced = order.indexOf(`datasync ${INBOX}`, sent);
    const marked = order.indexOf(`append ${MARKS}`);
    expect(sent).toBeGreaterThanOrEqual(0);
    expect(synced).toBeGreaterThan(sent);
    expect(marked).toBeGreaterThan(synced);
    const left = new MemoryDisk(disk.filesAfterCut(onlySynced));
    expect(await replay(left)).toMatchObject({ replayed: 0 });
    expect(left.text(INBOX)).toBe('message 1\n');
  });

  it('a replay of dead letters loses none, whatever fails and whenever the power is cut: each is in the inbox, or is sent by the next replay', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
        faults,
        chance,
        async (runs, list, fractions) => {
          const disk = new MemoryDisk();
          await disk.makeFolder('/state');
          await disk.syncFolder('/');
          const letters = await disk.open(LETTERS, 'append');
          await disk.syncFolder('/state');
          const plan = planOf(list, new Set(['truncate', 'size']));
          disk.plan = (operation, path) =>
            path === LETTERS && operation !== 'readFile' ? undefined : plan(operation, path);
          const watched = watchPowerCuts(disk, fractions, () => undefined);
          let count = 0;
          for (const added of runs) {
            for (let i = 0; i < added; i++) await letters.append(Buffer.from(lineOf(count++)));
            await letters.datasync();
            await untilDone(() => replay(disk));
          }
          watched.stop();
          const all = Array.from({ length: count }, (_, i) => `message ${i}`);
          expect(new Set(linesIn(Buffer.from(disk.text(INBOX) ?? '')))).toEqual(new Set(all));
          for (const cut of watched.cuts) {
            const left = diskAfter(cut);
            const known = linesIn(cut.files.get(LETTERS)).length;
            await replay(left);
            expect(linesIn(Buffer.from(left.text(INBOX) ?? ''))).toEqual(
              expect.arrayContaining(all.slice(0, known)),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a replay of dead letters syncs its marks of five hundred letters before it sends the next', async () => {
    const letters = Array.from({ length: 501 }, (_, i) => lineOf(i)).join('');
    const disk = new MemoryDisk(new Map([[LETTERS, Buffer.from(letters)]]));
    await replay(disk);
    const opened = disk.journal.indexOf(`open ${MARKS}`);
    const order = disk.journal.slice(opened).filter((operation) => /^(append|datasync) /.test(operation));
    expect(order).toEqual([
      // Of the file's opening.
      `datasync ${MARKS}`,
      `append ${MARKS}`,
      `datasync ${MARKS}`,
      `append ${INBOX}`,
      `datasync ${INBOX}`,
      `append ${MARKS}`,
      `datasync ${MARKS}`,
    ]);
  });

  it('a replay of dead letters fails if it cannot read its marks, instead of sending everything again', async () => {
    const disk = new MemoryDisk(new Map([[LETTERS, Buffer.from(lineOf(1))]]));
    await replay(disk);
    disk.plan = (operation, path) =>
      operation === 'readFile' && path === MARKS ? { code: 'EACCES' } : undefined;
    await expect(replay(disk)).rejects.toMatchObject({ code: 'DATA_UNREADABLE' });
    expect(disk.text(INBOX)).toBe('message 1\n');
  });

  it('a replay of dead letters removes the marks of letters that are no longer in the file once there are many', async () => {
    const hash = (i: number) => i.toString(16).padStart(32, '0');
    const stale = Array.from({ length: 10_001 }, (_, i) => `${hash(i)}\n`).join('');
    const disk = new MemoryDisk(
      new Map([
        [LETTERS, Buffer.from(lineOf(1))],
        [MARKS, Buffer.from(stale)],
      ]),
    );
    await replay(disk);
    expect(linesIn(Buffer.from(disk.text(MARKS) ?? ''))).toHaveLength(1);
    expect(await replay(disk)).toMatchObject({ replayed: 0 });
  });
});
