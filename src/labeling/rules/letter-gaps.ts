import { BREAK_CODE, SPACE_CODE, SYMBOL_CODE } from './fold-letters.ts';

/** Adjacent letters of a name, with what was written before them. */
export interface LetterPiece {
  readonly letters: string;
  /** Codes as in a folded text; of the first piece the empty string. */
  readonly gap: string;
}

const SPACE = String.fromCharCode(SPACE_CODE);
const BREAK = String.fromCharCode(BREAK_CODE);
const SYMBOL = String.fromCharCode(SYMBOL_CODE);

/** Signs that people put between two words, beside spaces. */
const ordinary = new Set([...'-/&\'".,:;!?+=()#@_0123456789', SPACE, BREAK, SYMBOL]);

const FEWEST_SINGLE = 3;
/** Letters of a name of which two may stand alone and the others together: `f u nsite`. */
const FEWEST_LETTERS = 6;
/** Letters of a piece, on average, where signs part them that part words as well: `fu-nsi-te`. */
const MOST_OF_PIECE = 2.5;
/** Pieces of one or two letters. */
const FEWEST_SHORT = 4;

// What follows a name.
export const NO_ENDING = 0;
export const PLAIN_ENDING = 1;
/** With spaces around the full stop, or signs between the letters. */
export const HIDDEN_ENDING = 2;
export type EndingKind = typeof NO_ENDING | typeof PLAIN_ENDING | typeof HIDDEN_ENDING;

/**
 * Whether the pieces of a name were written apart to hide it, and are no words of a sentence that happen to make the name. Most letters
 * stand alone; or pieces that are no words are parted without a space; or an ending follows, and no sentence ends between the pieces.
 */
export function isSpelledOut(
  pieces: readonly LetterPiece[],
  ending: EndingKind,
  isWord: (letters: string) => boolean,
): boolean {
  const gaps = pieces.slice(1).map(({ gap }) => gap);
  const single = pieces.filter((piece) => piece.letters.length === 1).length;
  const longer = pieces.filter((piece) => piece.letters.length > 1);
  const words = longer.filter((piece) => isWord(piece.letters));
  const isTightAll = gaps.every(isTight);
  // `UND J E D E R`: a word, and another one that is spelled out.
  const isBesideWord = words.some((piece) => piece.letters.length > 2);
  if (single >= FEWEST_SINGLE && single * 2 > pieces.length && !isBesideWord) return true;
  // A mail address is tight, and has an ending.
  if (gaps.some((gap) => endsSentence(gap) || gap.includes('@'))) return false;
  if (ending === HIDDEN_ENDING || (ending === PLAIN_ENDING && isTightAll)) return true;
  const letters = pieces.reduce((sum, piece) => sum + piece.letters.length, 0);
  if (single >= 2 && single * 2 > pieces.length && letters >= FEWEST_LETTERS && words.length === 0)
    return true;
  if (words.length === longer.length && longer.length > 0) return false;
  const isStrong = gaps.every((gap) => [...gap].some((sign) => !ordinary.has(sign)));
  if (isTightAll && isStrong) return true;
  if (pieces.length >= FEWEST_SHORT && longer.every((piece) => piece.letters.length < 3))
    return words.length * 2 < pieces.length;
  if (!isTightAll) return false;
  return pieces.length > 2 && letters <= pieces.length * MOST_OF_PIECE;
}

/** A sign, with a space or a line break behind it. */
function endsSentence(gap: string): boolean {
  return /[.,;:!?][ \n]/.test(gap);
}

function isTight(gap: string): boolean {
  return gap !== '' && !gap.includes(SPACE) && !gap.includes(BREAK);
}
