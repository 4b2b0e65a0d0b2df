import {
  type CharacterKind,
  characterKinds,
  isCharacterKind,
  type ObfuscationKind,
  obfuscationKinds,
} from '../core/obfuscation-kinds.ts';
import type { Chance } from './chance.ts';
import { obfuscateCharacters } from './obfuscate-characters.ts';
import { obfuscateWords } from './obfuscate-words.ts';
import { isPlainEnding } from './top-level-domains.ts';

export type { Chance };
export { type ObfuscationKind, obfuscationKinds };

/** How much of a text is obfuscated where nothing else is asked for: of its letters, or of its words or domains. */
export const obfuscationRates: Readonly<Record<ObfuscationKind, number>> = {
  'zero-width': 0.3,
  nul: 0.3,
  bidi: 0.3,
  'combining-marks': 0.5,
  'full-width': 0.5,
  'look-alikes': 0.5,
  'spaced-letters': 0.5,
  'dotted-letters': 0.5,
  leet: 0.5,
  'filled-domains': 1,
  'parted-words': 1,
  'parted-pairs': 1,
  'signed-letters': 1,
  'stretched-letters': 1,
  'doubled-letters': 1,
  'joined-words': 1,
  'dropped-vowels': 1,
  'starred-letters': 1,
  typos: 1,
  'reversed-words': 1,
  'cyrillic-spelling': 1,
  ...(Object.fromEntries(characterKinds.map((kind) => [kind, 1])) as Record<CharacterKind, number>),
};

const INVISIBLE = [...'\u200b\u200c\u200d\u2060\u00ad\ufeff\u180e'];
const BIDI = [...'\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u061c'];
const MARKS = [...'\u0335\u0336\u0332\u0323\u0301\u0307\u034f\u0489'];
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{ a: 'аα', c: 'сϲ', e: 'е', h: 'һ', i: 'іι', j: 'ј', k: 'к', m: 'м', n: 'п', o: 'оο', p: 'рρ', s: 'ѕ' },
  ...{ t: 'т', u: 'υ', v: 'ν', w: 'ԝ', x: 'хχ', y: 'у', A: 'АΑ', B: 'ВΒ', C: 'С', E: 'ЕΕ', H: 'НΗ', I: 'ІΙ' },
  ...{ J: 'Ј', K: 'КΚ', M: 'МΜ', N: 'Ν', O: 'ОΟ', P: 'РΡ', S: 'Ѕ', T: 'ТΤ', X: 'ХΧ', Y: 'ҮΥ', Z: 'Ζ' },
};
const LEET: Readonly<Record<string, string>> = { a: '4@', e: '3', i: '1!', o: '0', s: '5$', t: '7' };
const FILLERS = ['.', '-', '*', '_', '+', '|', '~', '·'];
const SPACERS = ['\u02d4', '\u02d6', '\u02da', '\u02c9'];

type Pick = <T>(list: readonly T[]) => T;

/**
 * `text` with one kind of obfuscation put on it, for measuring and for synthetic messages. The same text, kind, rate and
 * numbers from `chance` give the same answer. At `rate` (0 … 1) of the letters: an invisible character, a NUL, a sign of
 * direction or a mark goes after it, or it is written in full width or as a look-alike. At `rate` of the words of three
 * letters or more: written letter by letter with spaces or signs between, or as leet. Half of the texts that are to be
 * spaced are spaced as a whole, so that a gap between words is wider than within them. At `rate` of the domains: taken
 * apart. A text without a domain stays as it is under `filled-domains`.
 */
export function obfuscate(
  text: string,
  kind: ObfuscationKind,
  chance: Chance,
  rate: number = obfuscationRates[kind],
): string {
  const happens = () => chance.next() < rate;
  const pick: Pick = (list) => list[Math.floor(chance.next() * list.length)]!;
  const letters = (change: (letter: string) => string) =>
    text.replace(/\p{L}/gu, (letter) => (happens() ? change(letter) : letter));
  const words = (change: (word: string) => string) =>
    text.replace(
      /(?<![\p{L}\p{N}@$][\p{M}\p{Cf}\0]*)(?:\p{L}[\p{M}\p{Cf}\0]*){3,}(?![\p{L}\p{M}\p{Cf}\p{N}]|[@$!]+[\p{L}\p{N}])/gu,
      (word) => (happens() ? change(word) : word),
    );
  switch (kind) {
    case 'zero-width':
      return letters((letter) => letter + pick(INVISIBLE));
    case 'nul':
      return letters((letter) => `${letter}\0`);
    case 'bidi':
      return letters((letter) => letter + pick(BIDI));
    case 'combining-marks':
      return letters((letter) => letter + pick(MARKS));
    case 'full-width':
      return letters((letter) =>
        /[A-Za-z]/.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter,
      );
    case 'look-alikes':
      return letters((letter) => pick([...(LOOK_ALIKES[letter] ?? letter)]));
    case 'spaced-letters':
      return chance.next() < 0.5
        ? charactersOf(text).join(' ')
        : words((word) => charactersOf(word).join(' '));
    case 'dotted-letters':
      return words((word) => charactersOf(word).join(pick(FILLERS)));
    case 'leet':
      return words((word) => leetOf(word, chance, pick));
    case 'filled-domains':
      return text.replace(/[a-z\d][a-z\d.-]*\.[a-z]{2,}(?![\w.-])/gi, (domain) =>
        isPlainEnding(domain.slice(domain.lastIndexOf('.') + 1).toLowerCase()) && happens()
          ? filledDomain(domain, pick)
          : domain,
      );
    default:
      return isCharacterKind(kind)
        ? obfuscateCharacters(text, kind, chance, rate)
        : obfuscateWords(text, kind, chance, words, rate);
  }
}

/** Each with the marks and the invisible characters that stand on it. */
function charactersOf(text: string): readonly string[] {
  return text.match(/[\s\S][\p{M}\p{Cf}\0]*/gu) ?? [];
}

/** A sign at the end of a word would be read as one of its own. */
function leetFor(letter: string, isLast: boolean): readonly string[] {
  const [digit, ...signs] = LEET[letter.toLowerCase()]!;
  return isLast ? [digit!] : [digit!, ...signs];
}

/** Two letters in five, and at least one where any can be written so; the first letter stays more often than not. */
function leetOf(word: string, chance: Chance, pick: Pick): string {
  const letters = Array.from(word);
  const places = letters.flatMap((letter, at) => (LEET[letter.toLowerCase()] === undefined ? [] : [at]));
  if (places.length === 0) return word;
  const chosen = new Set(places.filter((at) => chance.next() < (at === 0 ? 0.2 : 0.4)));
  if (chosen.size === 0) chosen.add(pick(places));
  return letters
    .map((letter, at) =>
      chosen.has(at) ? pick(leetFor(letter, !/\p{L}/u.test(letters.slice(at + 1).join('')))) : letter,
    )
    .join('');
}

/** `example.com` as `example [dot] com`, `example . com`, `e x a m p l e . c o m`, `example ..c,,,o..m` and the like. */
function filledDomain(domain: string, pick: Pick): string {
  const stop = domain.search(/\.(?:(?:co|com|org|ac|gov)\.)?[a-z]+$/i);
  const name = domain.slice(0, stop);
  const ending = domain.slice(stop + 1);
  const letters = (text: string, between: string) => Array.from(text).join(between);
  const ways: readonly (() => string)[] = [
    () => `${name} [dot] ${ending}`,
    () => `${name}(.)${ending}`,
    () => `${name} dot ${ending}`,
    () => `${name} . ${ending}`,
    () => `${letters(name, ' ')} . ${letters(ending, ' ')}`,
    () => {
      const filler = pick(SPACERS);
      return `${letters(name, `${filler} `)}${filler}. ${letters(ending, `${filler} `)}`;
    },
    () => {
      const filler = pick(SPACERS);
      return `${letters(name, filler)} . ${letters(ending, filler)}`;
    },
    () => `${name} ${Array.from(ending, (letter, at) => letter + '+'.repeat(at + 2)).join('')}`,
    () => `${name} ...${Array.from(ending).join(pick([',,,', '...', '--']))}...`,
  ];
  // The last two stand for no full stop, and hide only endings that are known by themselves.
  return pick(/^(?:com|net|org|info|biz|xyz)$/i.test(ending) ? ways : ways.slice(0, -2))();
}
