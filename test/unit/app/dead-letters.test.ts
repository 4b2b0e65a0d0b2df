import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOfDeadLetter } from '../../../src/adapters/file/file-dead-letter-sink.ts';
import { listDeadLetters, replayDeadLetters } from '../../../src/app/dead-letters.ts';
import type { DeadLetter, DeadLetterReason } from '../../../src/core/dead-letter.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { quietLog } from '../../contract/temporary-folder.ts';

let folder = '';
let settings: Settings;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-letters-'));
  const places = { workingDirectory: folder, packageRoot: folder };
  const assignments = ['state.path=.', 'source.file.inbox=inbox'];
  ({ settings } = await loadSettings({ environment: {}, assignments, places }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const letter = (offset: number, reason: DeadLetterReason): DeadLetter => ({
  position: { topic: 'in.jsonl', partition: 0, offset },
  reason,
  detail: 'of a test',
  bytes: Buffer.from(`message ${offset}`),
});

async function write(...letters: readonly DeadLetter[]): Promise<void> {
  const lines = letters.map((each) => `${lineOfDeadLetter(each, '2026-11-25T00:00:00.000Z')}\n`);
  await writeFile(settings.deadLetters.file.path, lines.join(''), { flag: 'a' });
}

const replayed = () => readFile(join(folder, 'inbox', 'replayed.jsonl'), 'utf8').catch(() => '');

describe('dead letters in a file', () => {
  it('are listed as they stand there', async () => {
    await write(letter(1, 'not-json'), letter(2, 'kills-scorer'));
    const lines: string[] = [];
    await listDeadLetters(settings, quietLog, async (line) => void lines.push(line));
    expect(`${lines.join('\n')}\n`).toBe(await readFile(settings.deadLetters.file.path, 'utf8'));
  });

  it('are put into the inbox again, each once, also those that come later', async () => {
    await write(letter(1, 'not-json'), letter(2, 'kills-scorer'));
    const some = { dryRun: false, reason: 'kills-scorer' };
    expect(await replayDeadLetters(settings, quietLog, some)).toEqual({ replayed: 1, passedOver: 1 });
    expect(await replayDeadLetters(settings, quietLog, some)).toEqual({ replayed: 0, passedOver: 0 });
    await write(letter(3, 'kills-scorer'));
    expect(await replayDeadLetters(settings, quietLog, some)).toEqual({ replayed: 1, passedOver: 0 });
    expect(await replayed()).toBe('message 2\nmessage 3\n');
  });

  it('stay where they are in a dry run, and where there are none nothing happens', async () => {
    expect(await replayDeadLetters(settings, quietLog, { dryRun: true })).toEqual({
      replayed: 0,
      passedOver: 0,
    });
    await write(letter(1, 'not-json'));
    for (const _ of [1, 2])
      expect(await replayDeadLetters(settings, quietLog, { dryRun: true })).toEqual({
        replayed: 1,
        passedOver: 0,
      });
    expect(await replayed()).toBe('');
  });
});
