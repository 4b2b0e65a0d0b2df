import { isLetterKind, kindOf } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { knownLettersOf } from './known-letters.ts';
import { entryOf, TURNED } from './look-alike-table.ts';
import { obfuscationBit } from './obfuscation.ts';
import type { Work } from './work.ts';

const REVERSED = obfuscationBit('reversed');

/** What is written where a line is turned by 180 degrees, and what it shows. */
const uprightOf: ReadonlyMap<number, string> = new Map(
  (
    [
      ['ɐqɔpǝɟƃɓɥᴉıɾʞןlɯuodbɹsʇnʌʍxʎz', 'abcdefgghiijkllmnopqrstuvwxyz'],
      ['∀ƆƎℲſ⅂ԀᴚΛ⊥∩⅄', 'acefjlprvtuy'],
      ["¡¿,'„()[]{}<>69", "!?',,)(][}{><96"],
    ] as const
  ).flatMap(([turned, upright]) =>
    [...turned].map((letter, at) => [letter.charCodeAt(0), [...upright][at]!] as const),
  ),
);

/** A line needs one letter in so many that nothing but turning explains. */
const MOST_OTHERS = 6;
/** Longer ones are nobody's. */
const LONGEST_LINE = 2_000;

/**
 * Turns lines that are upside down, and so read from right to left: `ǝǝɹɟ ʎǝuoɯ`. Known words have to come of it, since phonetic script
 * has some of the same letters.
 */
export function readUpsideDown(text: string, edits: Edits, work: Work): number {
  let undone = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end - start <= LONGEST_LINE && isTurned(text, start, end)) {
      if (!work.spend((end - start) * 4)) return undone;
      const line = turnedLine(text, start, end);
      if (isReadable(line.text)) {
        edits.replaceEach(start, end, line.text, line.from);
        undone = REVERSED;
      }
    }
    start = end + 1;
  }
  return undone;
}

function isTurned(text: string, start: number, end: number): boolean {
  let turned = 0;
  let letters = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isLetterKind(kindOf(code))) continue;
    letters++;
    if (code >= 128 && (entryOf(code) & TURNED) !== 0) turned++;
  }
  return turned > 1 && turned * MOST_OTHERS >= letters;
}

/** The line read from its other end; `from`: for each code unit, where it stood. */
function turnedLine(
  text: string,
  start: number,
  end: number,
): { readonly text: string; readonly from: readonly number[] } {
  const from: number[] = [];
  let line = '';
  for (let i = end - 1; i >= start; i--) {
    const code = text.charCodeAt(i);
    if (code >= 0xdc00 && code <= 0xdfff && i > start) {
      line += text[i - 1]! + text[i]!;
      from.push(i - 1, i);
      i--;
      continue;
    }
    line += uprightOf.get(code) ?? text[i]!;
    from.push(i);
  }
  return { text: line, from };
}

/** Whether a quarter of its letters are in known words. */
function isReadable(line: string): boolean {
  const { letters, known } = knownLettersOf(line);
  return known >= 3 && known * 4 >= letters;
}
