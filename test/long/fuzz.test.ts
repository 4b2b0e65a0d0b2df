import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  readTrace,
} from '../line/daemon-process.ts';

const INPUTS = 1_000_000;
const SEED = 20_261_122;
const PIECE = 10_000;

/** xorshift32: the same inputs for the same seed, on any machine. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

const pieces = [
  'free',
  'money',
  'hello',
  'f r e e',
  'f.u.n.s.i.t.e',
  'funsite 18++n++e+++t+++',
  'hxxp://a.b',
  'example [dot] com',
  '\u0000',
  '\u200b',
  '\u202e',
  '\u0301'.repeat(50),
  'ÄÖÜß',
  'раураl',
  '🙂',
  '\ud800',
  '\udfff',
  '\u{e0041}',
  '…',
  '$$$',
  '0900 123 4567',
  '((((((',
  '\t',
  '   ',
  'a'.repeat(300),
  'ﷺ'.repeat(20),
  '한국어',
  '日本語',
  'ﬁ',
  'İ',
  '½',
  '\\u0000',
];

function text(dice: Dice): string {
  let result = '';
  for (let parts = dice.below(12); parts > 0; parts--)
    result +=
      dice.below(4) === 0
        ? String.fromCharCode(dice.below(0xffff))
        : dice.pick(pieces) + dice.pick(['', ' ', '\n']);
  return result;
}

function line(dice: Dice, id: string): Buffer {
  const json = JSON.stringify({
    message: text(dice),
    message_id: id,
    community: dice.pick(['', 'a', '__proto__']),
  });
  const bytes = Buffer.from(json);
  switch (dice.below(10)) {
    case 0:
      return bytes.subarray(0, dice.below(bytes.length));
    case 1: {
      for (let flips = 1 + dice.below(4); flips > 0; flips--)
        bytes[dice.below(bytes.length)] = dice.below(256);
      return bytes;
    }
    case 2:
      return Buffer.from(
        dice.pick([
          '',
          '{}',
          '[]',
          'null',
          '"',
          '{"message":1,"message_id":"x"}',
          '['.repeat(dice.below(2000)),
        ]),
      );
    default:
      return bytes;
  }
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
  layFolder(folder, 'batch: { maxMessages: 4096 }\n');
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

describe('a daemon fed with a million inputs at random', () => {
  it(`a daemon does not crash on a million random inputs and gives each exactly one outcome (seed ${SEED})`, async () => {
    const dice = new Dice(SEED);
    const file = join(folder, 'data', 'inbox', 'fuzz.jsonl');
    let bytes = 0;
    const starts: number[] = [];
    for (let made = 0; made < INPUTS; made += PIECE) {
      const piece: Buffer[] = [];
      for (let i = 0; i < PIECE; i++) {
        // A byte flipped into a newline would be another message.
        const input = Buffer.from(line(dice, `f-${made + i}`).map((byte) => (byte === 0x0a ? 0x20 : byte)));
        starts.push(bytes);
        bytes += input.length + 1;
        piece.push(input, Buffer.from('\n'));
      }
      appendFileSync(file, Buffer.concat(piece));
    }
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => committedOffset(folder, 'fuzz.jsonl') === bytes, 3000);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(daemon.log).not.toContain('died');
    const offsets = readTrace(folder).map(({ offset }) => offset);
    expect(offsets.sort((a, b) => a - b)).toEqual(starts);
  });
});
