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
const ordinary = new Set([...'-/&\'".,:;!?+=()#@', SPACE, BREAK, SYMBOL]);

const FEWEST_SINGLE = 3;
/** Letters of a name of which two may stand alone and the others together: `f u nsite`. */
const FEWEST_LETTERS = 6;

/**
 * Whether the pieces of a name were written apart to hide it, and are no words of a sentence that happen to make the name. Most letters
 * stand alone; or pieces that are no words are parted without a space; or an ending follows, and no sentence ends between the pieces.
 */
export function isSpelledOut(
  pieces: readonly LetterPiece[],
  hasEnding: boolean,
  isWord: (letters: string) => boolean,
): boolean {
  const gaps = pieces.slice(1).map(({ gap }) => gap);
  const single = pieces.filter(({ letters }) => letters.length === 1).length;
  const longer = pieces.filter(({ letters }) => letters.length > 1);
  if (single >= FEWEST_SINGLE && single * 2 > pieces.length) return true;
  if (gaps.some(endsSentence)) return false;
  if (hasEnding) return true;
  const words = longer.filter(({ letters }) => isWord(letters)).length;
  const letters = pieces.reduce((sum, piece) => sum + piece.letters.length, 0);
  if (single >= 2 && single * 2 > pieces.length && letters >= FEWEST_LETTERS && words === 0) return true;
  if (words === longer.length && longer.length > 0) return false;
  if (!gaps.every(isTight)) return false;
  return pieces.length > 2 || gaps.every((gap) => [...gap].some((sign) => !ordinary.has(sign)));
}

/** A sign, with a space or a line break behind it. */
function endsSentence(gap: string): boolean {
  return /[.,;:!?][ \n]/.test(gap);
}

function isTight(gap: string): boolean {
  return gap !== '' && !gap.includes(SPACE) && !gap.includes(BREAK);
}
