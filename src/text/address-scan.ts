import { codeAt, isWordKind, kindOf, SPACE } from './character-kinds.ts';

/** How far before a word the beginning of a link is looked for. */
const MAX_TOKEN = 100;

/** Signs that are part of an address where they stand right before a word, and right after one. */
const before = signSet('/=&_@#%+-');
const after = signSet('/=&_@%+-');

function signSet(signs: string): Uint8Array {
  const set = new Uint8Array(128);
  for (const sign of signs) set[sign.charCodeAt(0)] = 1;
  return set;
}

/**
 * States whether words of one text are part of an address. It is asked for one after the other, and remembers the last space and the last
 * beginning of a link, so that all questions together take time proportional to the text.
 */
export class AddressScan {
  readonly #text: string;
  /** How far the text has been read. */
  #read = 0;
  /** Behind the last space; where the word's token begins. */
  #tokenStart = 0;
  /** Where the last mark of a link begins that ended before `#read`: `://`, `www.`, `.com/`. */
  #mark = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Of the word at [start, end). `start` is not before that of the question before. */
  isInAddress(start: number, end: number): boolean {
    const text = this.#text;
    for (; this.#read < start; this.#read++) this.#readUnit(this.#read);
    if (this.#mark >= Math.max(this.#tokenStart, start - MAX_TOKEN)) return true;
    const unitBefore = start > 0 ? codeAt(text, start - 1) : 32;
    const unitAfter = end < text.length ? codeAt(text, end) : 32;
    if ((unitBefore < 128 && before[unitBefore] === 1) || (unitAfter < 128 && after[unitAfter] === 1))
      return true;
    return (
      (unitBefore === 46 && start > 1 && isWordAt(text, start - 2)) ||
      (unitAfter === 46 && end + 1 < text.length && isWordAt(text, end + 1)) ||
      (unitAfter === 58 && codeAt(text, end + 1) === 47) ||
      isHiddenStop(text, end, unitAfter)
    );
  }

  /** Whether the word at `start` follows a scheme, `www.` or the path of a link; `start` as above. */
  isInLink(start: number): boolean {
    for (; this.#read < start; this.#read++) this.#readUnit(this.#read);
    return this.#mark >= Math.max(this.#tokenStart, start - MAX_TOKEN);
  }

  #readUnit(i: number): void {
    const text = this.#text;
    const code = text.charCodeAt(i);
    if (code === 47) {
      if (i >= 2 && codeAt(text, i - 1) === 47 && codeAt(text, i - 2) === 58) this.#mark = i - 2;
      else this.#readEnding(i);
    } else if (code === 46) {
      if (i >= 3 && isW(text, i - 1) && isW(text, i - 2) && isW(text, i - 3))
        this.#mark = Math.max(this.#mark, i - 3);
    } else if (kindOf(code) === SPACE) {
      this.#tokenStart = i + 1;
    }
  }

  /** Two to four letters after a full stop before the slash at `i`. */
  #readEnding(i: number): void {
    const text = this.#text;
    let at = i;
    while (at > 0 && i - at < 4 && isLatinLetter(codeAt(text, at - 1))) at--;
    if (i - at >= 2 && at > 0 && codeAt(text, at - 1) === 46) this.#mark = Math.max(this.#mark, at - 1);
  }
}

/** `wire3 [dot] net`, `wire3 dot net`: what follows the word at `end`. `first` is the code unit there. */
function isHiddenStop(text: string, end: number, first: number): boolean {
  if (first === 32)
    return isBracketedStop(text, end + 1) || (isDot(text, end + 1) && codeAt(text, end + 4) === 32);
  return isBracketedStop(text, end);
}

function isBracketedStop(text: string, at: number): boolean {
  if (!isBracket(codeAt(text, at))) return false;
  const inner = codeAt(text, at + 1) === 32 ? at + 2 : at + 1;
  return codeAt(text, inner) === 46 || isDot(text, inner);
}

function isDot(text: string, at: number): boolean {
  return (
    (codeAt(text, at) | 32) === 100 &&
    (codeAt(text, at + 1) | 32) === 111 &&
    (codeAt(text, at + 2) | 32) === 116
  );
}

function isBracket(code: number): boolean {
  return code === 91 || code === 40 || code === 123 || code === 60;
}

function isW(text: string, i: number): boolean {
  return (codeAt(text, i) | 32) === 119;
}

function isLatinLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

function isWordAt(text: string, i: number): boolean {
  return isWordKind(kindOf(codeAt(text, i)));
}
