import type { SeededRandom } from '../../../src/training/seeded-random.ts';
import { pause } from '../until.ts';
import type { InboxFile } from './inbox-file.ts';
import type { InboxLine, LineMaker } from './inbox-lines.ts';

/** How a program writes its lines. */
export const hands = ['whole lines', 'blocks', 'long lines'] as const;
export type Hand = (typeof hands)[number];

export interface HandParts {
  readonly file: InboxFile;
  readonly lines: LineMaker;
  readonly random: SeededRandom;
}

const MEBIBYTE = 1024 * 1024;
/** Of a buffer of stdio. */
const BLOCK = 4096;
const FLUSHED = 0.2;
const PART = 256 * 1024;

/** Writes once, as the hand does; what it takes from chance does not depend on when it is called. */
export async function writeBy(hand: Hand, parts: HandParts): Promise<void> {
  const { file, lines, random } = parts;
  if (hand === 'long lines') return await writeLongLines(parts);
  file.queue(...some(1 + random.below(hand === 'blocks' ? 30 : 12), () => lines.any()));
  if (hand === 'whole lines' || random.next() < FLUSHED) return file.write();
  // Full blocks only: the file mostly ends within a line.
  file.write(Math.floor(file.buffered / BLOCK) * BLOCK);
}

/** Lines that are too long, side by side with others: ended at once, ended later, or growing part by part. */
async function writeLongLines({ file, lines, random }: HandParts): Promise<void> {
  const between = () => some(1 + random.below(4), () => lines.any());
  const long = (least: number, most: number) =>
    lines.tooLong(Math.floor((least + random.next() * (most - least)) * MEBIBYTE));
  const way = random.below(5);
  if (way === 0) {
    file.queue(...between(), long(1, 1.6), ...between(), long(2, 3), ...between());
    return file.write();
  }
  if (way === 1) {
    file.queue(...between(), long(1, 1.6), ...between());
    file.queue(long(1.1, 2.5), ...between());
    // The second one is not ended yet.
    file.write(file.buffered - MEBIBYTE);
    await pause(0.05 + random.next() * 0.5);
    return file.write();
  }
  if (way === 2) {
    file.queue(...between(), long(1, 2.6), ...between());
    while (file.buffered > 0) {
      file.write(PART);
      await pause(0.005 + random.next() * 0.02);
    }
    return;
  }
  if (way === 3) {
    file.queue(...some(2 + random.below(4), () => long(0.07, 1)), ...between());
    return file.write();
  }
  // Around the length from which on a dead letter keeps no more.
  const exact = some(5, (n) => lines.tooLong(MEBIBYTE - 2 + n));
  file.queue(...exact, ...between());
  file.write();
}

function some(count: number, make: (n: number) => InboxLine): readonly InboxLine[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
