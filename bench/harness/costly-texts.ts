import type { SeededRandom } from '../../src/training/seeded-random.ts';

/** Builds a text of `units` UTF-16 code units; the same for the same random numbers. */
export type TextGenerator = (units: number, random: SeededRandom) => string;

/** A name, and what its texts are made of. */
export type TextKind = readonly [name: string, generate: TextGenerator];

const english =
  'See you at the station at half past six, and bring the blue umbrella please. I asked my sister about the tickets, she says that ' +
  'they are at home on the kitchen table. We could have dinner afterwards if you like; there is a new place near the river which ' +
  'everybody recommends. Did you hear what happened at work yesterday? Nobody knew when the meeting was, so half of us waited outside. ';

/** The kind that all others are compared with. */
export const plainEnglish: TextKind = ['plain English', (units, random) => rotated(english, units, random)];

function repeated(unit: string, units: number): string {
  return cut(unit.repeat(Math.ceil(units / unit.length)), units);
}

/** Without half of a pair at the end. */
function cut(text: string, units: number): string {
  return text.slice(
    0,
    /[\ud800-\udbff]/.test(text[units - 1] ?? '') && text.length > units ? units - 1 : units,
  );
}

function rotated(unit: string, units: number, random: SeededRandom): string {
  const from = random.below(unit.length);
  return repeated(unit.slice(from) + unit.slice(0, from), units);
}

/** Pieces one after the other, each generated again. */
function sequence(piece: (random: SeededRandom) => string): TextGenerator {
  return (units, random) => {
    const pieces: string[] = [];
    for (let size = 0; size < units; ) {
      const next = piece(random);
      pieces.push(next);
      size += next.length;
    }
    return cut(pieces.join(''), units);
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const leetCharacters = 'abcdefghijklmnopqrstuvwxyz013457@$!';
const knownWords = 'free money call now cash prize click winner credit before because message tomorrow'.split(
  ' ',
);

function randomOf(characters: string, least: number, most = least): (random: SeededRandom) => string {
  const list = [...characters];
  return (random) =>
    Array.from({ length: least + random.below(most - least + 1) }, () => random.pick(list)).join('');
}

function fromRange(first: number, last: number): (random: SeededRandom) => string {
  return (random) => String.fromCodePoint(first + random.below(last - first + 1));
}

const letter = randomOf(letters, 1);
const mathematical = fromRange(0x1d400, 0x1d6a3);
const wide = fromRange(0x1e00, 0x2fff);
const jamo = fromRange(0x1100, 0x11ff);
const emoji = fromRange(0x1f300, 0x1f64f);

const repeatedUnits: Readonly<Record<string, string>> = {
  'leet, mail and scheme': 'x$dww. x5http://l@a @',
  'leet, punycode, look-alike, ligature': '$axn--d#m.eо@0/dﷺ@b.',
  'search 3': 'x$ax-e@km0äx5🇩l@a ',
  'search 4': "$$axßn--c o@b.d'm.eо",
  'search 5': 'x$dw.$x5htt',
  'search 6': '.de c o m x v🇩 ',
  'leet m0n3y': 'm0n3y ',
  'leet a1!1!': 'a1!1l!1! a1!',
  'leet p1ll!a1': 'p1ll!a1 ',
  'leet before 100 other characters': `m0n3y ${'#'.repeat(100)}`,
  'f*r*e*e': 'f*r*e*e m*o*n*e*y ',
  '. c o m x v': '. c o m x v ',
  'site c++o++m': 'site c++o++m ',
  'dotted letters': 'f.r.e.e m.o.n.e.y ',
  'spaced letters': 'f r e e m o n e y ',
  'spaced gaps of 1 and 2': 'f r e e  m o n e y  ',
  'links http': 'http://evil.example/path ',
  'hidden links a[.]b': 'evil[.]com ',
  'a dot de': 'evil dot de ',
  'ab . com': 'ab . com ',
  'hxxp://': 'hxxp://evil.com/x ',
  'bare links a.de': 'a.de ',
  'links co.uk': 'ab.co.uk ',
  'links of 126 labels': `${'a.'.repeat(124)}de `,
  punycode: 'xn--80ak6aa92e.com ',
  'IP addresses': 'http://10.20.30.40/ ',
  'mail addresses': 'ab@cd.de ',
  'maybe links x.in': 'ab.in ',
  'regional indicators': '🇩🇪',
  emoji: '😀',
  'emoji of families': '👨‍👩‍👧 ',
  'CJK extension B': '𠀀𠀁',
  CJK: '漢字語 ',
  'CJK compatibility': '㌀㍿ ',
  'Arabic and points': 'مَرْحَبًا ',
  Devanagari: 'नमस्ते ',
  'Hangul of jamo': '\u1112\u1161\u11ab',
  'Tibetan stacks': 'བསྒྲུབས ',
  'letter and mark': 'e\u0301',
  'letter and three marks': 'e\u0301\u0323\u0308',
  'one letter and marks': `a${'\u0301'.repeat(30_000)}`,
  overlays: 'm\u0336o\u0336n\u0335\u0301e\u0336y\u0336 ',
  'parenthesized ⑴⒜': '⑴⒜',
  'ligature ﷺ': 'ﷺ',
  fractions: '⅛½',
  'full-width': 'ＦＲＥＥ　',
  Cyrillic: 'Привет как дела ',
  'Cyrillic mixed words': 'Сlаim рrizе ',
  'look-alikes and one mixed word': 'Сlаim асе рос ',
  'phonetic letters': 'ꜰʀᴇᴇ ',
  currency: '€1 £2 ',
  digits: '1234567890',
  'digits in groups': '12.34,56 ',
  'phone numbers': '0900 123 4567 ',
  percents: '5% ',
  brackets: '[({<',
  parentheses: '((((',
  'parentheses apart': '( ( ',
  quotes: '"“”\'',
  exclamations: '!',
  'control characters': 'a\u0001',
  'zero-width': 'a\u200b',
  'zero-width only': '\u200b',
  'variation selectors': '❤\ufe0f',
  'supplementary selectors': 'a\u{e0100}',
  tags: '\u{e0061}',
  'letter and tag': 'a\u{e0061}',
  'lone high surrogates': '\ud800',
  'lone low surrogates': '\udc00',
  'camel case': 'FreeMoneyNow',
  stretched: 'sooooo ',
  'one word': 'a',
  spaces: ' ',
  newlines: '\n',
  'tabs and spaces': '\t ',
  apostrophes: "a'b'c'",
  umlauts: 'äöü ß ',
  capitals: 'FREE MONEY ',
};

const sequences: Readonly<Record<string, (random: SeededRandom) => string>> = {
  'spaced letters and ". c o m"': (random) =>
    random.below(8) === 0 ? '. c o m ' : `${letter(random)}${random.below(6) === 0 ? '  ' : ' '}`,
  'leet characters, 3 to 8': (random) => `${randomOf(leetCharacters, 3, 8)(random)} `,
  'leet characters, 20': (random) => `${randomOf(leetCharacters, 20)(random)} `,
  'digits and letters, 5': (random) => `${randomOf(`${letters}0123456789`, 5)(random)} `,
  'mathematical letters': mathematical,
  'mathematical words': (random) => `${mathematical(random)}${mathematical(random)}${mathematical(random)} `,
  'emoji at random': emoji,
  'CJK at random': fromRange(0x4e00, 0x9fff),
  'Hangul at random': fromRange(0xac00, 0xd7a3),
  'code points at random': fromRange(0xa0, 0xd7ff),
  'Latin Extended at random': fromRange(0x00c0, 0x024f),
  'supplementary at random': fromRange(0x10000, 0x1ffff),
  'spaced letters at random': (random) => `${letter(random)} `,
  'spaced 400 letters, then a gap': (random) =>
    `${Array.from({ length: 400 }, () => letter(random)).join(' ')}   `,
  'spaced known words': (random) => `${[...random.pick(knownWords)].join(' ')} `,
  'spaced known words, joined': (random) => `${[...random.pick(knownWords)].join('*')}*`,
  'words of 3 letters': (random) => `${randomOf(letters, 3)(random)} `,
  'words of 6 letters': (random) => `${randomOf(letters, 6)(random)} `,
  'words of 12 letters': (random) => `${randomOf(letters, 12)(random)} `,
  'words of 32 letters': (random) => `${randomOf(letters, 32)(random)} `,
  'words with endings': (random) =>
    `${randomOf(letters, 2, 4)(random)}${random.pick(['ing', 'ational', 'fulness', 'ingly', "'s", 'edly'])} `,
  'bare links at random': (random) =>
    `${randomOf(letters, 3, 9)(random)}.${random.pick(['de', 'com', 'in', 'co.uk'])} `,
  'mail addresses at random': (random) => `${letter(random)}@${randomOf(letters, 2, 5)(random)}.com `,
  // Overrides of direction among them, each of which asks whether more words are known the other way round.
  'characters from U+1E00 to U+2FFF, jamo and endings': (random) =>
    random.pick([wide, wide, wide, jamo, () => '.in', () => 'Ω', () => 'l'])(random),
  'links with ports and paths': (random) => `http://${randomOf(letters, 4)(random)}.tk:80/${letter(random)} `,
};

/** What attackers, and searches before, made up. */
export const textKinds: readonly TextKind[] = [
  plainEnglish,
  ...Object.entries(repeatedUnits).map(
    ([name, unit]): TextKind => [name, (units, random) => rotatedPairs(unit, units, random)],
  ),
  ...Object.entries(sequences).map(([name, piece]): TextKind => [name, sequence(piece)]),
];

/** Begins anywhere in the unit, between its characters. */
function rotatedPairs(unit: string, units: number, random: SeededRandom): string {
  const characters = unit.length > 1000 ? [unit] : [...unit];
  const from = random.below(characters.length);
  return repeated([...characters.slice(from), ...characters.slice(0, from)].join(''), units);
}

/** Pieces that the search puts together. */
const fixedPieces: readonly string[] = [
  ...' .,!$@013457:/[(-#&*+~"\'\n',
  ...'acdehilmostx',
  ...[
    '  ',
    '   ',
    '. ',
    ' . ',
    '://',
    'http://',
    'hxxp://',
    'www.',
    '.de',
    '.com',
    '.in',
    'xn--',
    ' dot ',
    '[.]',
    '(dot)',
  ],
  ...[
    ' c o m',
    '. c o m',
    'n++e+++t',
    'f r e e ',
    'f*r*e*e',
    'fr33',
    'ca$h',
    'l@a',
    'free',
    'money',
    'win',
    'the ',
  ],
  ...['ä', 'ß', 'а', 'е', 'Ω', 'ﷺ', '€', '…', '’', '½', 'ꜰ', '漢', 'İ', '\u1112\u1161', 'म', 'ੱ'],
  ...[
    '😀',
    '🇩',
    '𝓶',
    '🅵',
    '𠀀',
    '\u200b',
    '\u0000',
    '\u0301',
    '\u0308',
    '\u0336',
    '\ufe0f',
    '\u{e0061}',
    '\ud800',
    '\u05b0',
    '˖',
  ],
];

/** Pieces that are another one each time. */
const randomPieces: Readonly<Record<string, (random: SeededRandom) => string>> = {
  letter,
  digit: randomOf('0123456789', 1),
  'leet character': randomOf(leetCharacters, 1),
  word: randomOf(letters, 3, 10),
  'leet word': randomOf(leetCharacters, 3, 10),
  'letter and space': (random) => `${letter(random)} `,
  'known word': (random) => random.pick(knownWords),
  'spaced known word': (random) => [...random.pick(knownWords)].join(' '),
  'mathematical letter': mathematical,
  emoji,
  Latin: fromRange(0xc0, 0x24f),
  'Greek or Cyrillic': fromRange(0x370, 0x52f),
  jamo,
  'U+1E00 to U+2FFF': wide,
  'U+3040 to U+D7A3': fromRange(0x3040, 0xd7a3),
};

/** All of them; a name in guillemets stands for a piece that is another one each time. */
const pieces: readonly { readonly name: string; readonly make: (random: SeededRandom) => string }[] = [
  ...fixedPieces.map((piece) => ({ name: piece, make: () => piece })),
  ...Object.entries(randomPieces).map(([name, make]) => ({ name: `‹${name}›`, make })),
];

/** What a text of the search is made of. */
interface Recipe {
  /** Indices of pieces. */
  readonly parts: readonly number[];
  /** Whether they are drawn at random, again and again, or come one after the other. */
  readonly isMixed: boolean;
}

export interface CostlyText {
  /** Pieces as they are put together; a name in guillemets stands for one that is another one each time. */
  readonly recipe: string;
  readonly generate: TextGenerator;
  /** As `costOf` had it. */
  readonly cost: number;
}

export interface SearchOptions {
  /** Recipes to try. */
  readonly tries: number;
  readonly random: SeededRandom;
  /** What the recipe costs; the search looks for the most. */
  readonly costOf: (generate: TextGenerator) => number;
  /** Recipes that are kept, to be changed further. */
  readonly kept?: number;
}

const MOST_PARTS = 12;

/** Looks for texts that cost much: changes the costliest recipes so far at random. The costliest come first. */
export function searchCostlyTexts({
  tries,
  random,
  costOf,
  kept = 12,
}: SearchOptions): readonly CostlyText[] {
  const found: { readonly recipe: Recipe; readonly cost: number }[] = [];
  const known = new Set<string>();
  for (let tried = 0; tried < tries; tried++) {
    // Now and then from the beginning, so that not all are children of one.
    const isNew = found.length === 0 || random.below(4) === 0;
    const recipe = isNew ? newRecipe(random) : changed(random.pick(found).recipe, random);
    const name = nameOf(recipe);
    if (known.has(name)) continue;
    known.add(name);
    found.push({ recipe, cost: costOf(generatorOf(recipe)) });
    found.sort((one, other) => other.cost - one.cost);
    found.length = Math.min(found.length, kept);
  }
  return found.map(({ recipe, cost }) => ({ recipe: nameOf(recipe), generate: generatorOf(recipe), cost }));
}

function newRecipe(random: SeededRandom): Recipe {
  const parts = Array.from({ length: 1 + random.below(MOST_PARTS) }, () => random.below(pieces.length));
  return { parts, isMixed: random.below(2) === 0 };
}

function changed({ parts, isMixed }: Recipe, random: SeededRandom): Recipe {
  const next = [...parts];
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(next.length + 1);
    const piece = random.below(pieces.length);
    switch (random.below(4)) {
      case 0:
        if (next.length < MOST_PARTS) next.splice(at, 0, piece);
        break;
      case 1:
        if (next.length > 1) next.splice(Math.min(at, next.length - 1), 1);
        break;
      case 2:
        next[Math.min(at, next.length - 1)] = piece;
        break;
      default:
        // A piece of its own once more, somewhere else.
        if (next.length < MOST_PARTS) next.splice(at, 0, random.pick(parts));
    }
  }
  return { parts: next, isMixed: random.below(8) === 0 ? !isMixed : isMixed };
}

function generatorOf({ parts, isMixed }: Recipe): TextGenerator {
  let at = 0;
  return (units, random) => {
    at = 0;
    return sequence(() => {
      return pieces[isMixed ? random.pick(parts) : parts[at++ % parts.length]!]!.make(random);
    })(units, random);
  };
}

function nameOf({ parts, isMixed }: Recipe): string {
  const names = parts.map((part) => pieces[part]!.name);
  return isMixed ? `any of: ${names.join(', ')}` : names.join('');
}
