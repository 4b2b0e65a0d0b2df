import { asciiKinds, asciiLower, DIGIT, isLetterKind, kindOf, SPACE } from './character-kinds.ts';
import {
  asciiClasses,
  betweenTable,
  CLASS_DIGIT,
  CLASS_LETTER,
  CLASS_OTHER,
  CLASS_SPACE,
  HINT_FOLDED,
  HINT_MARKED,
  HINT_MASK,
  HINT_REARRANGED,
  HINT_WIDE,
  HINT_WORDS,
  MARKED,
  STATE_MASK,
  wordsTable,
} from './hints.ts';
import { entryOf, mayBeFolded, REARRANGED } from './look-alike-table.ts';
import { WordForms } from './word-forms.ts';
import { WordList } from './word-list.ts';

/** Messages are cut to this many UTF-16 code units, before obfuscation is undone and after. */
export const MAX_LENGTH = 20_000;

/** Of an ASCII character: lower case, kind (from bit 8) and class (from bit 12), so that one look-up returns all. */
const asciiFacts = Int32Array.from(
  { length: 128 },
  (_, code) => asciiLower[code]! | (asciiKinds[code]! << 8) | (asciiClasses[code]! << 12),
);

/**
 * The first pass over a message: its code units in lower case, their kinds, and hints at what costs more to look for.
 * One set of buffers, overwritten by each `load`.
 */
export class CharacterScan {
  /** In lower case. */
  readonly codes: Uint16Array = new Uint16Array(MAX_LENGTH + 1);
  /** See character-kinds.ts; behind the last stands a space. */
  readonly kinds: Uint8Array = new Uint8Array(MAX_LENGTH + 1);
  readonly words: WordList = new WordList(MAX_LENGTH);
  length = 0;
  /** Words are looked up in these; of the language that is most likely, so that they need not be looked up again. */
  forms: WordForms;
  /** See hints.ts. */
  hints = 0;
  readonly #bytes: Uint8Array = new Uint8Array(MAX_LENGTH + 1);
  #isListed = false;
  readonly #encoder = new TextEncoder();

  constructor(forms: WordForms = new WordForms('')) {
    this.forms = forms;
  }

  /**
   * `text` has at most MAX_LENGTH code units; `lower` is its lower case, of the same length (or `text`, if ASCII). Words are not listed
   * yet, and HINT_WORDS is not known: most texts with another hint are changed and loaded again before anybody asks for their words.
   */
  load(text: string, lower: string): void {
    const length = text.length;
    // The encoder copies a string of ASCII far faster than a loop over its characters would.
    const { read, written } = this.#encoder.encodeInto(text, this.#bytes);
    this.hints =
      read === length && written === length
        ? this.#loadBytes(this.#bytes, 0, length)
        : this.#loadWide(text, lower);
    this.#close(length);
  }

  /** The same for a text of ASCII, at most MAX_LENGTH bytes at [start, end). */
  loadAscii(bytes: Uint8Array, start: number, end: number): void {
    this.hints = this.#loadBytes(bytes, start, end - start);
    this.#close(end - start);
  }

  /** Lists the words, and adds HINT_WORDS where it is due. Does nothing the second time. */
  listWords(): void {
    if (this.#isListed) return;
    this.words.load(this.codes, this.kinds, this.length, this.forms);
    this.#isListed = true;
    if (this.words.mayBeOthers) this.hints |= HINT_WORDS;
  }

  #close(length: number): void {
    this.codes[length] = 32;
    this.kinds[length] = SPACE;
    this.length = length;
    this.#isListed = false;
  }

  #loadBytes(bytes: Uint8Array, start: number, length: number): number {
    const { codes, kinds } = this;
    let words = 0;
    let between = 0;
    let wordHints = 0;
    let betweenHints = 0;
    for (let i = 0; i < length; i++) {
      const facts = asciiFacts[bytes[start + i]!]!;
      codes[i] = facts & 127;
      kinds[i] = (facts >> 8) & 15;
      const at = facts >> 12;
      words = wordsTable[(words & STATE_MASK) + at]!;
      between = betweenTable[(between & STATE_MASK) + at]!;
      wordHints |= words;
      betweenHints |= between;
    }
    return hintsOf(words, between, wordHints, betweenHints);
  }

  #loadWide(text: string, lower: string): number {
    const { codes, kinds } = this;
    let words = 0;
    let between = 0;
    let wordHints = 0;
    let betweenHints = 0;
    let seen = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = kindOf(code);
      seen |= entryOf(code);
      const lowerCode = lower.charCodeAt(i);
      codes[i] = lowerCode < 128 ? asciiLower[lowerCode]! : lowerCode;
      kinds[i] = kind;
      const at = code < 128 ? asciiClasses[code]! : classOfWide(kind);
      words = wordsTable[(words & STATE_MASK) + at]!;
      between = betweenTable[(between & STATE_MASK) + at]!;
      wordHints |= words;
      betweenHints |= between;
    }
    return (
      hintsOf(words, between, wordHints, betweenHints) |
      HINT_WIDE |
      ((seen & REARRANGED) === 0 ? 0 : HINT_REARRANGED) |
      (mayBeFolded(seen) ? HINT_FOLDED : 0)
    );
  }
}

/** All hints, with those of the space that stands behind each text. */
function hintsOf(words: number, between: number, wordHints: number, betweenHints: number): number {
  const all = betweenHints | betweenTable[(between & STATE_MASK) + CLASS_SPACE]!;
  const marked = (all & MARKED) === 0 ? 0 : HINT_MARKED;
  return (
    ((wordHints | wordsTable[(words & STATE_MASK) + CLASS_SPACE]! | (all & ~MARKED)) & HINT_MASK) | marked
  );
}

function classOfWide(kind: number): number {
  if (kind === SPACE) return CLASS_SPACE;
  if (isLetterKind(kind)) return CLASS_LETTER;
  return kind === DIGIT ? CLASS_DIGIT : CLASS_OTHER;
}
