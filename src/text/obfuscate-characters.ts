import type { CharacterKind } from '../core/obfuscation-kinds.ts';
import type { Chance } from './chance.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const fonts = {
  lisu: fontOf('ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑqꓣꓢꓔꓴꓦꓪꓫꓬꓜ'),
  'canadian-syllabics': fontOf('ᗩᗷᑕᗪeᖴgᕼiᒍkᒪᗰᑎoᑭᑫᖇstᑌᐯᗯ᙭yᘔ'),
  cherokee: fontOf('ᎪᏴᏟᎠᎬfᏀᎻᏆᎫᏦᏞᎷnᎾᏢqᏒᏚᎢuᏙᏔxᎩᏃ'),
  'hooked-letters': fontOf('ɑɓƈɗɛƒɠɦɩʝƙʅɱɳσρϙɾʂƭυѵωҳყʑ'),
  'currency-letters': fontOf('₳฿₵đɇ₣₲ⱨłj₭ⱡ₥₦ø₱qɽ₴₮ʉv₩ӿɏⱬ'),
  'east-asian-letters': fontOf('卂乃匚d乇千g卄丨フk乚爪几ㄖ卩q尺丂ㄒㄩv山乂ㄚ乙'),
} as const;
const upsideDown = new Map(
  [...`${ALPHABET}.,!?'"()[]`].map((letter, at) => [
    letter,
    [...`ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz˙'¡¿,„)(][`][at]!,
  ]),
);

function fontOf(letters: string): ReadonlyMap<string, string> {
  return new Map([...ALPHABET].map((letter, at) => [letter, [...letters][at]!]));
}

/**
 * `text` with one kind of obfuscation of its characters, markup or direction, at `rate` of its letters, words or lines: see `obfuscate`.
 * What is read of it is the same in lower case.
 */
export function obfuscateCharacters(text: string, kind: CharacterKind, chance: Chance, rate: number): string {
  const happens = () => chance.next() < rate;
  const letters = (change: (letter: string) => string) =>
    text.replace(/[A-Za-z]/g, (letter) => (happens() ? change(letter) : letter));
  const words = (change: (word: string, at: number) => string) =>
    text.replace(/\p{L}{3,}/gu, (word) =>
      happens() ? change(word, 1 + Math.floor(chance.next() * (word.length - 1))) : word,
    );
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance.next() * list.length)]!;
  const hex = (letter: string, digits = 2) => letter.charCodeAt(0).toString(16).padStart(digits, '0');
  switch (kind) {
    case 'lisu':
    case 'canadian-syllabics':
    case 'cherokee':
    case 'hooked-letters':
    case 'currency-letters':
    case 'east-asian-letters':
      return letters((letter) => fonts[kind].get(letter.toLowerCase()) ?? letter);
    case 'upside-down':
      return lines(
        text,
        (line) =>
          reversed(line)
            .map((letter) => upsideDown.get(letter.toLowerCase()) ?? letter)
            .join(''),
        happens,
      );
    case 'regional-indicators':
      return text.replace(/[A-Za-z]{2,}/g, (word) => (happens() ? indicatorsOf(word).join('\u200b') : word));
    case 'hangul-blanks':
      return text.replace(/(?<=\S) (?=\S)/g, () => (happens() ? pick(['\u3164', '\u1160', '\u115f']) : ' '));
    case 'unicode-escapes':
      return letters((letter) => pick([`\\u${hex(letter, 4)}`, `\\x${hex(letter)}`]));
    case 'html-entities':
      return letters((letter) => pick([`&#${letter.charCodeAt(0)};`, `&#x${hex(letter)};`]));
    case 'percent-encoding':
      return letters((letter) => `%${hex(letter)}`);
    case 'quoted-printable':
      return letters((letter) => `=${hex(letter).toUpperCase()}`);
    case 'markdown': {
      const sign = pick(['**', '~~', '||', '__']);
      return words((word, at) => `${word.slice(0, at)}${sign}${word.slice(at)}${sign}`);
    }
    case 'html-tags':
      return words(
        (word, at) => word.slice(0, at) + pick(['<b></b>', '<i></i>', '<!-- -->']) + word.slice(at),
      );
    case 'right-to-left':
      return lines(text, (line) => `\u202e${reversed(line).join('')}\u202c`, happens);
    case 'right-to-left-words':
      return text.replace(/\S+/g, (word) => (happens() ? `\u202e${reversed(word).join('')}\u202c` : word));
    case 'vertical':
      return happens() ? Array.from(text.replace(/\s+/g, '\n'), (letter) => letter).join('\n') : text;
    case 'sign-stops':
      return text.replace(/(?<=[a-z\d])\.(?=(?:com|net|org|info|biz|xyz|de|co|io|eu)(?![\w.-]))/gi, (stop) =>
        happens() ? pick(['·', '•', '∙', '\u{1f535}', ' punkt ']) : stop,
      );
    case 'long-front':
      return happens()
        ? `${pick(['\u200b', ' ', '.', 'a', '\u{1f600}', '\ufdfa']).repeat(20_001)} ${text}`
        : text;
  }
}

function lines(text: string, change: (line: string) => string, happens: () => boolean): string {
  return text.replace(/[^\n]+/g, (line) => (happens() ? change(line) : line));
}

/** By code point, a letter with what stands on it. */
function reversed(text: string): string[] {
  return (text.match(/[\s\S](?:[\udc00-\udfff]|\p{M})*/gu) ?? []).reverse();
}

function indicatorsOf(word: string): string[] {
  return Array.from(word.toUpperCase(), (letter) =>
    String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 65),
  );
}
