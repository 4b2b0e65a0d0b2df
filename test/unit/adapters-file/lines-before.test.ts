import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { linesAt } from '../../../src/adapters/file/lines-at.ts';
import { LinesBefore } from '../../../src/adapters/file/lines-before.ts';
import { type TemporaryFolder, temporaryFolder } from '../../contract/temporary-folder.ts';

let folder: TemporaryFolder;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'lines');
});
afterEach(() => folder.dispose());

async function linesBefore(end = Number.MAX_SAFE_INTEGER) {
  const file = (await LinesBefore.open(path))!;
  const lines: { from: number; text: string }[] = [];
  let blank = 0;
  for await (const found of file.before(end)) {
    if (found.kind === 'blank') blank += found.length;
    if (found.kind === 'line') lines.push({ from: found.from, text: found.bytes.toString('latin1') });
  }
  await file.close();
  return { lines, blank };
}

it('lines are read from the end as they are from the beginning, whatever their lengths and the newlines between them', async () => {
  const line = fc.oneof(
    fc.constant(''),
    fc.string({ maxLength: 20 }).map((text) => Buffer.from(text).toString('hex')),
    // Blocks of 64 KiB end within lines, at their ends, and within newlines in a row.
    fc.integer({ min: 65_530, max: 65_541 }).map((length) => 'x'.repeat(length)),
    fc.constantFrom(50, 65_536).map((length) => '\n'.repeat(length)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.boolean(), async (lines, isEnded) => {
      await writeFile(path, lines.map((text) => `${text}\n`).join('') + (isEnded ? '' : 'unfinished'));
      const forward = [];
      for await (const { from, bytes, isWhole } of linesAt(path))
        if (isWhole) forward.push({ from, text: bytes.toString('latin1') });
      const backward = await linesBefore();
      expect(backward.lines).toEqual(forward.reverse());
      for (const { from, text } of backward.lines.slice(0, 2)) {
        const file = (await LinesBefore.open(path))!;
        expect((await file.lineAt(from))?.toString('latin1')).toBe(text);
        await file.close();
        // A page goes on where the one before ended.
        expect((await linesBefore(from)).lines).toEqual(backward.lines.filter((each) => each.from < from));
      }
    }),
    { numRuns: 40 },
  );
});

it('newlines that an erasure left are counted', async () => {
  await writeFile(path, `first\n${'\n'.repeat(70_000)}last\n`);
  const { lines, blank } = await linesBefore();
  expect(lines.map(({ text }) => text)).toEqual(['last', 'first']);
  expect(blank).toBe(70_000);
});

it('a file that is not there has no lines', async () => {
  expect(await LinesBefore.open(path)).toBeUndefined();
});
