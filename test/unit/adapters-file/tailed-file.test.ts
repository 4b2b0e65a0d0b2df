import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TailedFile } from '../../../src/adapters/file/tailed-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-tailed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = { epoch: 1, final: false, time: { now: 0, elapsed: 0 } };

interface Line {
  readonly text: string;
  readonly offset: number;
  readonly nextOffset: number;
}

/**
 * What the lines of a content are, by their definition: text before each newline, without a carriage return before it. Blank
 * lines are left out; `longest` and more bytes are cut, and then nothing is known of the end.
 */
function linesOf(content: string, longest: number): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const line of content.split('\n').slice(0, -1)) {
    const nextOffset = offset + line.length + 1;
    const isWhole = line.length < longest;
    if (!isWhole || line.trim() !== '')
      lines.push({ text: line.slice(0, longest).replace(/\r$/, ''), offset, nextOffset });
    offset = nextOffset;
  }
  return lines;
}

describe('TailedFile', () => {
  it('TailedFile returns each non-blank line once, however the file is written, cut into batches, and read', async () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('\n', '\r\n', '\n\n') },
      { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '\r'), maxLength: 60 }) },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
          { minLength: 1, maxLength: 8 },
        ),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (writes, stretchBytes, maxMessages, rests) => {
          const path = join(folder, `${run++}.jsonl`);
          await writeFile(path, '');
          const { ino } = await stat(path);
          const file = new TailedFile({ name: 'a', path, inode: ino, size: 0, changedAt: 0 }, options);
          const limits = {
            maxMessages,
            maxBytes: 1_000_000,
            maxAgeSeconds: 0,
            stretchBytes,
            turnBytes: 1_000_000,
          };
          const got: Line[] = [];
          let content = '';
          for (const write of writes) {
            await appendFile(path, write);
            content += write;
            file.size = content.length;
            for (;;) {
              const batch = await file.read(limits, 0);
              if (batch === undefined) break;
              expect(batch.messages.length).toBeLessThanOrEqual(maxMessages);
              for (const { bytes, offset, nextOffset } of batch.messages)
                got.push({ text: Buffer.from(bytes).toString(), offset, nextOffset });
              if (rests) file.rest();
            }
          }
          await file.close();
          await rm(path);
          const lines = linesOf(content, stretchBytes);
          expect(got.map(({ text, offset }) => ({ text, offset }))).toEqual(
            lines.map(({ text, offset }) => ({ text, offset })),
          );
          // Blank lines belong to the message before them, or to none.
          for (const [i, { nextOffset }] of got.entries()) {
            expect(nextOffset).toBeGreaterThanOrEqual(lines[i]!.nextOffset);
            expect(nextOffset).toBeLessThanOrEqual(lines[i + 1]?.offset ?? content.length);
          }
          const wholeLines = content.slice(0, content.lastIndexOf('\n') + 1).length;
          expect(file.behindBlankLines(got.at(-1)?.nextOffset ?? 0)).toBe(wholeLines);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('TailedFile ends a batch at its limit of bytes', async () => {
    const path = join(folder, 'cap.jsonl');
    await writeFile(path, 'aaaa\nbbbb\ncccc\n');
    const file = new TailedFile(
      { name: 'a', path, inode: (await stat(path)).ino, size: 15, changedAt: 0 },
      options,
    );
    const batch = await file.read(
      { maxMessages: 10, maxBytes: 6, maxAgeSeconds: 0, stretchBytes: 100, turnBytes: 1000 },
      0,
    );
    expect(batch?.messages).toHaveLength(2);
    await file.close();
  });
});
