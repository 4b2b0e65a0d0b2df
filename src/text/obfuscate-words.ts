import type { WordObfuscationKind } from '../core/obfuscation-kinds.ts';
import type { Chance } from './chance.ts';

/** Each of `text`'s words changed with the probability that was asked for. */
type ChangeWords = (change: (word: string) => string) => string;
type Pick = <T>(list: readonly T[]) => T;

const PARTING_SIGNS = ['-', ' ', "'", '_', '/', '.', '*', '~', '|', '😀'];
const LETTER_SIGNS = ['=', '/', '"', "'", ':', '&'];
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{
    a: 'а',
    b: 'б',
    c: 'к',
    d: 'д',
    e: 'е',
    f: 'ф',
    g: 'г',
    h: 'х',
    i: 'и',
    j: 'ж',
    k: 'к',
    l: 'л',
    m: 'м',
  },
  ...{
    n: 'н',
    o: 'о',
    p: 'п',
    q: 'к',
    r: 'р',
    s: 'с',
    t: 'т',
    u: 'у',
    v: 'в',
    w: 'в',
    x: 'х',
    y: 'у',
    z: 'з',
  },
};

/**
 * `text` with one of these kinds put on it; see obfuscate, which gives `words`. Words of three letters or more: parted by one sign or
 * space, the same in the whole text, once or after every two letters; with a sign between all letters; with a letter repeated, or several
 * doubled; without vowels; with `*` for one letter; with one letter more, less, another or two swapped; backwards; in Cyrillic letters.
 * Joined words have no spaces left between them.
 */
export function obfuscateWords(
  text: string,
  kind: WordObfuscationKind,
  chance: Chance,
  words: ChangeWords,
  rate: number,
): string {
  const pick: Pick = (list) => list[Math.floor(chance.next() * list.length)]!;
  const inner = (letters: readonly string[]) => 1 + Math.floor(chance.next() * (letters.length - 1));
  const changed = (change: (letters: readonly string[]) => string) => words((word) => change([...word]));
  switch (kind) {
    case 'parted-words': {
      const sign = pick(PARTING_SIGNS);
      return changed((letters) => {
        const at = inner(letters);
        return letters.slice(0, at).join('') + sign + letters.slice(at).join('');
      });
    }
    case 'parted-pairs': {
      const sign = pick(PARTING_SIGNS);
      return words((word) => (word.match(/[\s\S]{1,2}/gu) ?? []).join(sign));
    }
    case 'signed-letters': {
      const sign = pick(LETTER_SIGNS);
      return changed((letters) => letters.join(sign));
    }
    case 'stretched-letters':
      return words((word) => {
        const at = [...word.matchAll(/[aeiouyäöü]/giu)].map(({ index }) => index);
        const stretched = at.length === 0 ? word.length - 1 : pick(at);
        return (
          word.slice(0, stretched) +
          word[stretched]!.repeat(3 + Math.floor(chance.next() * 3)) +
          word.slice(stretched + 1)
        );
      });
    case 'doubled-letters':
      return changed((letters) =>
        letters.map((letter) => (chance.next() < 0.5 ? letter.repeat(2) : letter)).join(''),
      );
    case 'joined-words':
      return joinWords(text, chance, rate);
    case 'dropped-vowels':
      return words((word) => {
        const left = word.replace(/[aeiouäöü]/giu, '');
        return left.length < 2 ? word : left;
      });
    case 'starred-letters':
      return changed((letters) => {
        const at = Math.min(inner(letters), letters.length - 2);
        return letters.map((letter, i) => (i === at ? '*' : letter)).join('');
      });
    case 'typos':
      return changed((letters) => typo(letters, inner(letters), chance, pick));
    case 'reversed-words':
      return changed((letters) => [...letters].reverse().join(''));
    case 'cyrillic-spelling':
      return changed((letters) => letters.map(inCyrillic).join(''));
  }
}

function inCyrillic(letter: string): string {
  const lower = letter.toLowerCase();
  const spelled = CYRILLIC[lower] ?? letter;
  return lower === letter ? spelled : spelled.toUpperCase();
}

/** `FreeMoneyNow` or `freemoneynow`, as far as nothing but spaces stands between the words. */
function joinWords(text: string, chance: Chance, rate: number): string {
  const isCamel = chance.next() < 0.5;
  return text.replace(/\p{L}+(?: \p{L}+)+/gu, (words) => {
    if (chance.next() >= rate) return words;
    return words
      .split(' ')
      .map((word) => (isCamel ? word[0]!.toUpperCase() + word.slice(1) : word))
      .join('');
  });
}

function typo(letters: readonly string[], at: number, chance: Chance, pick: Pick): string {
  const before = letters.slice(0, at).join('');
  const after = letters.slice(at + 1).join('');
  const letter = letters[at]!;
  const other = pick([...'abcdefghijklmnopqrstuvwxyz']);
  const ways: readonly (() => string)[] = [
    () => before + other + after,
    () => before + after,
    () => before + letter + other + after,
    () => before.slice(0, -1) + letter + before.slice(-1) + after,
  ];
  return ways[Math.floor(chance.next() * ways.length)]!();
}
