import { readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOfDeadLetter } from '../../../../src/adapters/file/dead-letter-line.ts';
import { listDeadLetters, replayDeadLetters } from '../../../../src/app/tasks/dead-letters.ts';
import type { DeadLetter, DeadLetterReason } from '../../../../src/core/dead-letter.ts';
import type { Log } from '../../../../src/ports/log.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';
import { quietLog, type TemporaryFolder, temporaryFolder } from '../../../contract/temporary-folder.ts';
import { pullForAWhile, TemporaryInbox } from '../../adapters-file/temporary-inbox.ts';

let folder: TemporaryFolder;
let settings: Settings;
let warnings: Readonly<Record<string, unknown>>[];

beforeEach(async () => {
  folder = await temporaryFolder();
  const baseFolders = { workingDirectory: folder.path, packageRoot: folder.path };
  const assignments = ['state.path=.', 'source.file.inbox=inbox'];
  ({ settings } = await loadSettings({ environment: {}, assignments, baseFolders }));
  warnings = [];
});
afterEach(() => folder.dispose());

const log: Log = { ...quietLog, child: () => log, warn: (fields) => void warnings.push(fields) };

const letter = (
  offset: number,
  reason: DeadLetterReason,
  bytes: string | Uint8Array = `message ${offset}`,
): DeadLetter => ({
  position: { topic: 'in.jsonl', partition: 0, offset },
  reason,
  detail: 'of a test',
  bytes: Buffer.from(bytes),
});

const lineOf = (each: DeadLetter) => `${lineOfDeadLetter(each, '2026-11-25T00:00:00.000Z')}\n`;

async function write(...letters: readonly DeadLetter[]): Promise<void> {
  await writeFile(settings.deadLetters.file.path, letters.map(lineOf).join(''), { flag: 'a' });
}

const replay = (reason?: string) =>
  replayDeadLetters(settings, log, { dryRun: false, ...(reason === undefined ? {} : { reason }) });
const inbox = () => readFile(join(folder.path, 'inbox', 'replayed.jsonl')).catch(() => Buffer.alloc(0));
const counts = (replayed: number, otherReason = 0, unsendable = 0) => ({ replayed, otherReason, unsendable });

describe('dead letters in a file', () => {
  it('dead letters in a file are listed as they are stored, without a line that is still being written', async () => {
    await write(letter(1, 'not-json'), letter(2, 'kills-scorer'));
    const whole = await readFile(settings.deadLetters.file.path, 'utf8');
    await writeFile(settings.deadLetters.file.path, lineOf(letter(3, 'not-json')).slice(0, 30), {
      flag: 'a',
    });
    const lines: string[] = [];
    await listDeadLetters(settings, log, async (line) => void lines.push(line));
    expect(`${lines.join('\n')}\n`).toBe(whole);
  });

  it('dead letters in a file are written to the inbox again, each once, including later ones', async () => {
    await write(letter(1, 'not-json'), letter(2, 'kills-scorer'));
    expect(await replay()).toEqual(counts(2));
    expect(await replay()).toEqual(counts(0));
    await write(letter(3, 'kills-scorer'));
    expect(await replay()).toEqual(counts(1));
    expect((await inbox()).toString()).toBe('message 1\nmessage 2\nmessage 3\n');
  });

  it('dead letters in a file of other reasons are neither replayed by a replay of one reason, nor marked as replayed', async () => {
    await write(letter(1, 'not-json'), letter(2, 'kills-scorer'), letter(3, 'empty', 'x'));
    expect(await replay('kills-scorer')).toEqual(counts(1, 2));
    expect(await replay('kills-scorer')).toEqual(counts(0, 2));
    expect(await replay('not-json')).toEqual(counts(1, 1));
    await write(letter(4, 'kills-scorer'));
    expect(await replay()).toEqual(counts(2));
    expect((await inbox()).toString()).toBe('message 2\nmessage 1\nx\nmessage 4\n');
  });

  it('dead letters in a file are replayed after the file was emptied, however many were replayed before', async () => {
    await write(...[1, 2, 3, 4, 5].map((offset) => letter(offset, 'not-json')));
    expect(await replay()).toEqual(counts(5));
    await truncate(settings.deadLetters.file.path, 0);
    await write(...[6, 7, 8].map((offset) => letter(offset, 'not-json')));
    expect(await replay()).toEqual(counts(3));
  });

  it('dead letters in a file are replayed from a file that replaced a rotated one, and never twice if the old one returns', async () => {
    const { path } = settings.deadLetters.file;
    await write(letter(1, 'not-json'));
    expect(await replay()).toEqual(counts(1));
    await rename(path, `${path}.1`);
    await write(letter(2, 'not-json'));
    expect(await replay()).toEqual(counts(1));
    await rename(`${path}.1`, path);
    expect(await replay()).toEqual(counts(0));
  });

  it('dead letters in a file are replayed once each after somebody has edited the file', async () => {
    const { path } = settings.deadLetters.file;
    await write(letter(1, 'not-json'), letter(2, 'not-json'), letter(3, 'not-json'));
    expect(await replay()).toEqual(counts(3));
    await writeFile(
      path,
      [letter(4, 'not-json'), letter(2, 'not-json'), letter(3, 'not-json')].map(lineOf).join(''),
    );
    expect(await replay()).toEqual(counts(1));
    expect((await inbox()).toString()).toBe('message 1\nmessage 2\nmessage 3\nmessage 4\n');
  });

  it('dead letters in a file that are still being written are left for the next replay', async () => {
    const half = lineOf(letter(2, 'not-json'));
    await write(letter(1, 'not-json'));
    await writeFile(settings.deadLetters.file.path, half.slice(0, 50), { flag: 'a' });
    expect(await replay()).toEqual(counts(1));
    await writeFile(settings.deadLetters.file.path, half.slice(50), { flag: 'a' });
    expect(await replay()).toEqual(counts(1));
    expect((await inbox()).toString()).toBe('message 1\nmessage 2\n');
  });

  it('a damaged line among dead letters ends a replay with the line named and not quoted, after those before it were sent', async () => {
    await write(letter(1, 'not-json'));
    await writeFile(settings.deadLetters.file.path, '{"secret\n', { flag: 'a' });
    await write(letter(2, 'not-json'));
    const failure = await replay().catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(/line 2 of .*dead-letters/),
    });
    expect(String(failure)).not.toContain('secret');
    expect((await inbox()).toString()).toBe('message 1\n');
    await expect(replay()).rejects.toMatchObject({ code: 'DATA_INVALID' });
    expect((await inbox()).toString()).toBe('message 1\n');
  });

  it('dead letters in a file reach the source with their exact bytes, including invalid UTF-8 and a carriage return at the end', async () => {
    const odd = [
      Buffer.from([0x63, 0x61, 0x66, 0xe9]),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('{"message":\r'),
      Buffer.from('two \r\r'),
      Buffer.from('half \xed\xa0\x80', 'latin1'),
    ];
    await write(...odd.map((bytes, i) => letter(i, 'invalid-utf8', bytes)));
    expect(await replay()).toEqual(counts(5));
    const place = await TemporaryInbox.make();
    const source = await place.open({ inbox: join(folder.path, 'inbox') });
    const read = (await pullForAWhile(source, place.clock)).flatMap(({ messages }) => messages);
    expect(read.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
      odd.map((bytes) => bytes.toString('hex')),
    );
    await place.dispose();
  });

  it('dead letters in a file without content, or that no line can contain, are named in the log and counted once, never changed', async () => {
    await write(
      letter(1, 'not-json', 'two\nlines'),
      letter(2, 'empty', ''),
      letter(3, 'empty', ' \t'),
      letter(4, 'not-json'),
    );
    expect(await replay()).toEqual(counts(1, 0, 3));
    expect((await inbox()).toString()).toBe('message 4\n');
    expect(warnings.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual([
      ['in.jsonl', 0, 1],
      ['in.jsonl', 0, 2],
      ['in.jsonl', 0, 3],
    ]);
    expect(await replay()).toEqual(counts(0));
  });

  it('dead letters in a file are sent once by two simultaneous replays: the second is refused, and a later one sends what has come since', async () => {
    await write(...[1, 2, 3].map((offset) => letter(offset, 'not-json')));
    const results = await Promise.allSettled([replay(), replay(), replay()]);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => [reason.code, reason.retriable])).toEqual([
      ['STORE_FAILED', true],
      ['STORE_FAILED', true],
    ]);
    expect((await inbox()).toString()).toBe('message 1\nmessage 2\nmessage 3\n');
    await write(letter(4, 'not-json'));
    expect(await replay()).toEqual(counts(1));
  });

  it('dead letters in a file can be replayed after a failed replay', async () => {
    await writeFile(settings.deadLetters.file.path, '{"damaged\n');
    await expect(replay()).rejects.toMatchObject({ code: 'DATA_INVALID' });
    await writeFile(settings.deadLetters.file.path, lineOf(letter(1, 'not-json')));
    expect(await replay()).toEqual(counts(1));
  });

  it('dead letters in a file are not changed by a dry run, and without any a replay does nothing', async () => {
    const dryRun = () => replayDeadLetters(settings, log, { dryRun: true });
    expect(await dryRun()).toEqual(counts(0));
    await write(letter(1, 'not-json'));
    for (const _ of [1, 2]) expect(await dryRun()).toEqual(counts(1));
    expect((await inbox()).length).toBe(0);
  });
});
