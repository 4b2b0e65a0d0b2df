import { createHash } from 'node:crypto';
import { SluiceError } from '../../core/errors.ts';
import type { LockFile } from '../../ports/file-lock.ts';
import type { LineBlanker } from './blank-lines.ts';
import { ErasableLines } from './erasable-lines.ts';
import { deadLetterLine } from './erasable-records.ts';
import { nodeFileOperations, systemCode } from './file-operations.ts';
import { linesAt } from './lines-at.ts';
import { replaceFile } from './replace-file.ts';

export interface ErasableLettersOptions {
  readonly path: string;
  readonly hasWriter: boolean;
  readonly blanker: LineBlanker;
  readonly lock: LockFile;
}

/** Erases dead letters of a file, and the marks of their replay, while no replay runs. */
export function erasableLetters({ path, hasWriter, blanker, lock }: ErasableLettersOptions): ErasableLines {
  return new ErasableLines({
    name: 'dead letters',
    location: path,
    ...{ hasWriter, blanker, recordOf: deadLetterLine },
    files: async () => [{ path }],
    around: async (_, blank) => {
      const held = lock(`${path}.replay-lock`);
      if (held === undefined)
        throw new SluiceError(
          'STORE_FAILED',
          `dead letters of ${path} are being replayed; run it again when that has ended`,
          { retriable: true },
        );
      try {
        await blank();
        await forgetMarks(path);
      } finally {
        held.release();
      }
    },
  });
}

/** A mark is a hash of the letter: a guess of the text could be checked against it. Only those of letters that are there stay. */
async function forgetMarks(path: string): Promise<void> {
  const marksPath = `${path}.replayed`;
  let marks: readonly string[];
  try {
    marks = (await nodeFileOperations.readFile(marksPath)).toString().split('\n').slice(0, -1);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const present = new Set<string>();
  for await (const { bytes, isWhole } of linesAt(path))
    if (isWhole) present.add(createHash('sha256').update(bytes).digest('hex').slice(0, 32));
  const kept = marks.filter((mark) => present.has(mark));
  if (kept.length < marks.length) await replaceFile(marksPath, kept.map((mark) => `${mark}\n`).join(''));
}
