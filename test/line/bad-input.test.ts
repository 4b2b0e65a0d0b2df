import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DaemonProcess, endAllDaemons, layFolder, linesOf, readTrace } from './daemon-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bad-'));
  layFolder(folder);
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const good = (id: string, message: string) => JSON.stringify({ message, message_id: id, community: 'c' });

const bad: Readonly<Record<string, string | Buffer>> = {
  'not-json': 'hello there',
  'not-an-object': '[{"message":"x"}]',
  'missing-message': '{"message_id":"m1"}',
  'missing-message-id': '{"message":"x"}',
  'wrong-type': '{"message":{"a":1},"message_id":"m2"}',
  'invalid-utf8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  'too-large': good('big', 'x'.repeat(1024 * 1024)),
  // A line of nothing else than spaces and the like is skipped; this one has content of a kind.
  empty: '\u00a0',
};
const brackets = '['.repeat(5_000_000);
const odd = [
  good('nul', 'a\u0000b\u0000c'),
  '{"message":"half a \\ud83d pair","message_id":"lone","community":"c"}',
  good('rtl', '\u202egnihton\u202c \u200b\u200d\ufeff'),
  good('nothing', ''),
  good('twice', 'hello'),
  good('twice', 'hello'),
  '{"message":"extra","message_id":"deep","community":"c","more":{"a":[[[[{}]]]]}}',
  '{"message":"number","message_id":123456789012345678,"community":"c","sender":null,"sent_at":null}',
  '\ufeff{"message":"mark","message_id":"mark","community":"c"}',
];

describe('input that is not as it should be', () => {
  it('an invalid input affects no other message, has exactly one outcome, and is stored with its bytes and the reason', async () => {
    const lines = [
      ...Object.values(bad).flatMap((line, i) => [line, good(`between-${i}`, 'see you tomorrow')]),
      brackets,
      ...odd,
    ];
    const blank = ['', ' \t', '\r', '\ufeff'];
    const file = Buffer.concat(
      [...blank, ...lines, ...blank].flatMap((line) => [Buffer.from(line), Buffer.from('\n')]),
    );
    writeFileSync(join(folder, 'data', 'inbox', 'bad.jsonl'), file);
    const daemon = DaemonProcess.spawn(folder, '--once');
    expect(await daemon.ended).toEqual({ code: 0, signal: null });

    const trace = readTrace(folder);
    expect(trace).toHaveLength(lines.length);
    expect(new Set(trace.map((line) => line.offset)).size).toBe(lines.length);
    const ids = trace.filter((line) => line.outcome !== 'dead-letter').map((line) => line.message_id);
    const expected = Object.keys(bad).map((_, i) => `between-${i}`);
    expect(ids.sort()).toEqual(
      [
        ...expected,
        'nul',
        'lone',
        'rtl',
        'nothing',
        'twice',
        'twice',
        'deep',
        '123456789012345678',
        'mark',
      ].sort(),
    );

    const letters = linesOf(join(folder, 'data', 'dead-letters.jsonl')).map(
      (line) => JSON.parse(line) as { reason: string; raw: string },
    );
    expect(letters.map((letter) => letter.reason).sort()).toEqual([...Object.keys(bad), 'too-large'].sort());
    for (const [reason, bytes] of Object.entries(bad).filter(([name]) => name !== 'too-large')) {
      const letter = letters.find((each) => each.reason === reason);
      expect(Buffer.from(letter?.raw ?? 'x', 'base64')).toEqual(Buffer.from(bytes));
    }
  });

  it('an unfinished line of the inbox is not treated as invalid input, but waits for its end', async () => {
    const file = join(folder, 'data', 'inbox', 'slow.jsonl');
    const line = good('slow', 'I am being written');
    writeFileSync(file, line.slice(0, 20));
    const daemon = await DaemonProcess.start(folder);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(readTrace(folder)).toEqual([]);
    writeFileSync(file, `${line}\n`);
    await daemon.until(() => readTrace(folder).length === 1);
    expect(readTrace(folder)[0]?.outcome).not.toBe('dead-letter');
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
