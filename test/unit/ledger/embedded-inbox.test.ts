import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMessage } from '../../../src/core/message.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';
import { AliveLock } from '../../ledger/embedded/alive-lock.ts';
import { hands, writeBy } from '../../ledger/embedded/hands.ts';
import { InboxFile } from '../../ledger/embedded/inbox-file.ts';
import { bytesFacts, type InboxLine, LineMaker, letterOf } from '../../ledger/embedded/inbox-lines.ts';
import { InboxRecord } from '../../ledger/embedded/inbox-record.ts';
import { EventLog } from '../../ledger/event-log.ts';

let folder = '';
let events: EventLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-inbox-'));
  events = new EventLog(join(folder, 'events.jsonl'));
});
afterEach(() => {
  events.close();
  rmSync(folder, { recursive: true, force: true });
});

const texts = ['see you at eight', 'Käse für 5 €, and a 🐀', 'WIN a prize'].map((text) => ({
  text,
  expected: { outcome: 'ham', probability: null } as const,
}));
const makerOf = (seed: number) => new LineMaker('w', seed, texts);

function fileOf(record: InboxRecord, name = 'a.jsonl'): InboxFile {
  return new InboxFile(folder, name, record);
}

describe('the lines of the ledger’s inbox', () => {
  it('the lines of the inbox of the ledger are scored as expected', () => {
    const lines = makerOf(1);
    for (let n = 0; n < 1000; n++) {
      const { id, text, expected } = lines.any();
      const read = readMessage(text.toString());
      if (expected.outcome !== 'dead-letter')
        expect(read).toMatchObject({ ok: true, message: { message_id: id } });
      else expect(read).toMatchObject({ ok: false, reason: expected.letter.reason });
    }
  });

  it('the lines of the inbox of the ledger have the requested length, padded or too long', () => {
    const lines = makerOf(2);
    const fitting = lines.fitting(300)!;
    expect(fitting.text).toHaveLength(300);
    expect(readMessage(fitting.text.toString())).toMatchObject({ ok: true });
    expect(lines.fitting(20)).toBeUndefined();
    const long = lines.tooLong(3_000_001);
    expect(long.text).toHaveLength(3_000_001);
    expect(long.expected).toMatchObject({ letter: { reason: 'too-large', bytes: 1024 * 1024 } });
  });

  it('the lines of the inbox of the ledger become dead letters with a fitting reason when they are cut', () => {
    const line = Buffer.from('{"message":"Käse"}');
    expect(letterOf(line.subarray(0, 13)).reason).toBe('not-json');
    // Within the ä.
    expect(letterOf(line.subarray(0, 14)).reason).toBe('invalid-utf8');
  });
});

describe('a file of the ledger’s inbox', () => {
  /** What the record says of the lines of a generation, next to what the file holds there. */
  function expectRecorded(record: InboxRecord, generation: number): void {
    const bytes = readFileSync(join(folder, 'a.jsonl'));
    for (const { id, start, end } of record.generations[generation]!.lines) {
      expect(start === 0 || bytes[start - 1] === 0x0a).toBe(true);
      expect(bytes[end - 1]).toBe(0x0a);
      expect(bytes.subarray(start, end).toString()).toContain(id);
    }
  }

  it.each(hands)(
    'a file of the inbox of the ledger, written by %s, has each line where the record states, the same for the same seed',
    async (hand) => {
      const contents: Buffer[] = [];
      for (let run = 0; run < 2; run++) {
        const record = new InboxRecord(events);
        const file = fileOf(record);
        const parts = { file, lines: makerOf(3), random: new SeededRandom(4) };
        for (let n = 0; n < 6; n++) await writeBy(hand, parts);
        file.write();
        file.close();
        expectRecorded(record, 0);
        contents.push(readFileSync(join(folder, 'a.jsonl')));
        rmSync(join(folder, 'a.jsonl'));
      }
      expect(contents[0]!.length).toBeGreaterThan(1000);
      expect(contents[0]!.equals(contents[1]!)).toBe(true);
    },
  );

  it('a file of the inbox of the ledger that loses its name with an incomplete line records that line as a dead letter', () => {
    const record = new InboxRecord(events);
    const file = fileOf(record);
    const lines = makerOf(5);
    file.queue(lines.readable());
    file.writePart(lines.readable(), 0.9);
    const bytes = readFileSync(join(folder, 'a.jsonl'));
    file.abandon();
    file.delete();
    const [whole, half] = record.generations[0]!.lines;
    expect(half).toMatchObject({ start: whole!.end, end: bytes.length });
    expect(half!.expected).toMatchObject({ letter: bytesFacts(bytes.subarray(whole!.end)) });
    file.queue(lines.readable());
    file.write();
    file.close();
    expectRecorded(record, 1);
  });

  it('a file of the inbox of the ledger that is renamed with an incomplete line gets the rest of it under its new name', () => {
    const record = new InboxRecord(events);
    const file = fileOf(record);
    file.writePart(makerOf(6).readable(), 0.5);
    expect(record.generations[0]!.lines).toHaveLength(0);
    file.rename();
    file.close();
    expect(record.generations[0]!.lines).toMatchObject([{ start: 0 }]);
    expect(record.generations[0]!.lines[0]!.expected.outcome).toBe('ham');
    expect(record.generations[1]!.lines).toHaveLength(0);
  });

  it('a file of the inbox of the ledger keeps its inode when it is truncated or rewritten, and its size when it is rewritten', () => {
    const record = new InboxRecord(events);
    const file = fileOf(record);
    const lines = makerOf(7);
    file.queue(...[1, 2, 3].map(() => lines.readable()));
    file.write();
    file.copyTruncate();
    file.queue(...[1, 2, 3, 4].map(() => lines.readable()));
    file.write();
    expectRecorded(record, 1);
    const { size } = file;
    const other = lines.readable();
    file.rewrite([other, lines.fitting(size - other.text.length - 2)!] satisfies InboxLine[]);
    expect(file.size).toBe(size);
    expect(readFileSync(join(folder, 'a.jsonl'))).toHaveLength(size);
    file.queue(lines.readable());
    file.write();
    file.close();
    expectRecorded(record, 2);
  });

  it('a file of the inbox of the ledger reports how many lines an offset covers, and one more for an offset within a line', () => {
    const record = new InboxRecord(events);
    mkdirSync(join(folder, 'inbox'));
    const file = fileOf(record);
    const lines = makerOf(8);
    file.queue(lines.readable(), lines.readable());
    file.write();
    file.close();
    const [generation] = record.generations;
    const [first, second] = generation!.lines;
    expect([0, first!.end, second!.end].map((offset) => generation!.linesBelow(offset))).toEqual([0, 1, 2]);
    expect(generation!.linesBelow(first!.end + 1)).toBe(2);
  });
});

describe('the lock on the daemon’s life', () => {
  it('AliveLock is held by many who share it or by one alone, in the order of requests', async () => {
    const lock = new AliveLock();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`${name} ends`);
    };
    await Promise.all([
      lock.shared(work('a')),
      lock.shared(work('b')),
      lock.alone(work('c')),
      lock.shared(work('d')),
      lock.alone(work('e')),
    ]);
    expect(log.slice(0, 4).sort()).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(log.slice(4)).toEqual(['c begins', 'c ends', 'd begins', 'd ends', 'e begins', 'e ends']);
  });
});
