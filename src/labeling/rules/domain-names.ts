import { SluiceError } from '../../core/errors.ts';
import { isKnownWord } from '../../text/known-words.ts';
import { plainLetter } from '../../text/leet-characters.ts';
import { foldLetters, GAP, LETTER } from './fold-letters.ts';

const FEWEST_LETTERS = 4;
/** RFC 1035: of a label. */
const MOST_LETTERS = 63;
const MOST_NAMES = 200_000;

/** A site's name as it is searched for. */
export interface DomainName {
  /** As it was listed, in lower case. */
  readonly name: string;
  /** Its letters and digits. */
  readonly codes: Uint16Array;
  /** Whether a hyphen is before the letter. */
  readonly afterHyphen: Uint8Array;
  /** An ordinary word, which without obfuscation needs an ending behind it. */
  readonly isWord: boolean;
}

/**
 * The names of a list, one a line; what follows `#`, and blank lines, are left out, and so are names that are there already. Throws
 * `DATA_INVALID` with file and line for what is no name of a site without its ending.
 */
export function readDomainNames(lines: readonly string[], file: string): readonly string[] {
  const names = new Set<string>();
  for (const [at, line] of lines.entries()) {
    const text = (line.split('#', 1)[0] ?? '').replace(/^\ufeff/, '').trim();
    if (text === '') continue;
    const wrong = faultOf(text);
    if (wrong !== undefined) throw new SluiceError('DATA_INVALID', `${file}:${at + 1}: ${wrong}`);
    names.add(text.toLowerCase());
    if (names.size > MOST_NAMES)
      throw new SluiceError(
        'DATA_INVALID',
        `${file}:${at + 1}: there are more than ${MOST_NAMES} names; divide the list and run the rule once for each part`,
      );
  }
  if (names.size === 0)
    throw new SluiceError('DATA_INVALID', `${file} has no names; write one site a line, such as funsite`);
  return [...names];
}

/** What is wrong with a name, and what to write in its place. */
function faultOf(text: string): string | undefined {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  if (/\s/.test(text)) return `"${shown}" has a space in it; write one name a line`;
  if (/[./:@]/.test(text)) {
    const host = text.replace(/^[a-z]+:\/\//i, '').replace(/^www\./i, '');
    const name = host.split(/[./:@?]/, 1)[0] ?? '';
    return `"${shown}" has more than the name of the site; write it without its ending${name === '' ? '' : `: ${name}`}`;
  }
  if (!/^[\p{L}\p{M}\p{Nd}]+(?:-+[\p{L}\p{M}\p{Nd}]+)*$/u.test(text))
    return `"${shown}" is no name of a site: it consists of letters, digits and hyphens`;
  const { codes } = domainName(text);
  if (codes.length < FEWEST_LETTERS)
    return `"${shown}" has fewer than ${FEWEST_LETTERS} letters and would be found in ordinary words; use a pattern for it`;
  if (codes.length > MOST_LETTERS)
    return `"${shown}" has more than ${MOST_LETTERS} letters, which no site has`;
  return undefined;
}

export function domainName(listed: string): DomainName {
  const name = listed.toLowerCase();
  const folded = foldLetters(name);
  const codes: number[] = [];
  const afterHyphen: number[] = [];
  let hyphen = 0;
  for (let i = 0; i < folded.length; i++) {
    if (folded.kinds[i] === GAP) {
      hyphen = 1;
      continue;
    }
    codes.push(folded.codes[i]!);
    afterHyphen.push(hyphen);
    hyphen = 0;
  }
  return {
    name,
    codes: Uint16Array.from(codes),
    afterHyphen: Uint8Array.from(afterHyphen),
    isWord: isKnownWord(name),
  };
}

/**
 * The letters that are searched for as one: digits and signs with what they stand for, `l` with `i`, umlauts without their points.
 * {@link standsFor} then distinguishes them.
 */
export function keyOf(code: number, kind: number): number {
  const letter = kind === LETTER ? code : plainLetter(code).charCodeAt(0);
  switch (letter) {
    case 108: // l
      return 105;
    case 228: // ä
      return 97;
    case 246: // ö
      return 111;
    case 252: // ü
      return 117;
    default:
      return letter;
  }
}

// How a written character is the letter of a name.
export const NO_LETTER = 0;
export const SAME = 1;
/** Leet. */
export const REPLACED = 2;
/** An umlaut: `fünsite`; so a word of a language may be another. */
export const UMLAUT = 3;
/** `l` and `i`: `funslte`. Words and typing errors are made of the same letters. */
export const SWAPPED = 4;

/** How a character is a letter of a name with the same key. */
export function standsFor(code: number, kind: number, wanted: number): number {
  if (code === wanted) return SAME;
  if (kind === LETTER) {
    if (!isLetterCode(wanted)) return NO_LETTER;
    return code === 108 || wanted === 108 ? SWAPPED : UMLAUT;
  }
  const letter = plainLetter(code).charCodeAt(0);
  if (letter === wanted || (code === 49 && wanted === 108) || (code === 33 && wanted === 108))
    return REPLACED;
  return NO_LETTER;
}

function isLetterCode(code: number): boolean {
  return code >= 97;
}

/** Names by their letters: a tree, so that a text is compared with all of them in one walk from each of its words. */
export class DomainTree {
  readonly longest: number;
  /** From a node and a key to the next node. */
  readonly #next = new Map<number, number>();
  readonly #ends = new Map<number, DomainName[]>();
  #nodes = 1;

  constructor(names: readonly string[]) {
    let longest = 0;
    for (const listed of names) {
      const name = domainName(listed);
      longest = Math.max(longest, name.codes.length);
      let node = 0;
      for (const code of name.codes) {
        const edge = node * 0x10000 + keyOf(code, isDigitCode(code) ? 2 : LETTER);
        let next = this.#next.get(edge);
        if (next === undefined) {
          next = this.#nodes++;
          this.#next.set(edge, next);
        }
        node = next;
      }
      const ends = this.#ends.get(node);
      if (ends === undefined) this.#ends.set(node, [name]);
      else ends.push(name);
    }
    this.longest = longest;
  }

  /** The node behind `node` by a key, 0 where there is none; the first is 0. */
  next(node: number, key: number): number {
    return this.#next.get(node * 0x10000 + key) ?? 0;
  }

  /** Names that end at a node. */
  at(node: number): readonly DomainName[] | undefined {
    return this.#ends.get(node);
  }
}

function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}
