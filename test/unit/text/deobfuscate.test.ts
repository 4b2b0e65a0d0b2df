import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CharacterScan, MAX_LENGTH } from '../../../src/text/character-scan.ts';
import { cutToLength, deobfuscate } from '../../../src/text/deobfuscate.ts';
import { Edits } from '../../../src/text/edits.ts';
import { readHiddenLinks } from '../../../src/text/hidden-links.ts';
import { HINT_HIDDEN_LINK, HINT_LEET, HINT_LETTERS, HINT_LINK } from '../../../src/text/hints.ts';
import { readLeet } from '../../../src/text/leet.ts';
import { findLinks } from '../../../src/text/links.ts';
import { foldLookAlikes } from '../../../src/text/look-alikes.ts';
import { type Obfuscation, obfuscationBit } from '../../../src/text/obfuscation.ts';
import { plainCharacters } from '../../../src/text/plain-characters.ts';
import { joinLetters } from '../../../src/text/spaced-letters.ts';
import { messageTexts } from './message-texts.ts';

const scan = new CharacterScan();

function plain(text: string): { readonly text: string; readonly undone: number } {
  const given = cutToLength(text);
  scan.load(given, given);
  return deobfuscate(given, scan);
}

describe('what is obfuscated is read as what it hides', () => {
  it.each<readonly [string, string, readonly Obfuscation[]]>([
    ['F˔ u˔ n˔ s˔ i˔ t˔ e. c˔ o˔ m', 'Funsite.com', ['filling', 'spaced', 'hidden-link']],
    ['F˖u˖n˖s˖i˖t˖e . n˖e˖t!', 'Funsite.net!', ['filling', 'hidden-link']],
    ['visit f u n s i t e . c o m now', 'visit funsite.com now', ['spaced', 'hidden-link']],
    ['f.u.n.s.i.t.e', 'funsite', ['dotted']],
    ['f.u.n.s.i.t.e.c.o.m', 'funsite.com', ['dotted', 'hidden-link']],
    ['funsite 18++n++e+++t+++', 'funsite18.net', ['hidden-link']],
    ['coolplace 21 ...c,,,0...m...', 'coolplace21.com', ['hidden-link']],
    ['hxxp://evil.com/x', 'http://evil.com/x', ['hidden-link']],
    ['hxxps[:]//evil[.]com', 'https://evil.com', ['hidden-link']],
    ['example [dot] com', 'example.com', ['hidden-link']],
    ['example(.)com', 'example.com', ['hidden-link']],
    ['example dot com', 'example.com', ['hidden-link']],
    ['kidsmediausa  . com', 'kidsmediausa.com', ['hidden-link']],
    ['site,com', 'site.com', ['hidden-link']],
    ['f r e e   m o n e y now', 'free money now', ['spaced']],
    ['f r e e m o n e y', 'free money', ['spaced']],
    ['f r e e  m o n e y', 'free money', ['spaced']],
    ['f r e e m o n e y p~l~e~a~s~e n o w', 'free money please now', ['spaced', 'dotted']],
    ['f . r . e . e   c . a . s . h', 'free cash', ['spaced', 'dotted']],
    ['ca$h f r e e c@$h m o n e y', 'cash free cash money', ['spaced', 'leet']],
    ['p r 1 z 3   c @ 5 h   n o w', 'prize cash now', ['spaced', 'leet']],
    ['pl3as3 f r e e', 'please free', ['spaced', 'leet']],
    ['f$r$e$e', 'free', ['dotted']],
    ['F*R*E*E and V-I-A-G-R-A', 'FREE and VIAGRA', ['dotted']],
    ['fr33 m0ney v1agra ca$h $ex c@sh 0ffer hell0', 'free money viagra cash sex cash offer hello', ['leet']],
    ['5p1ral 4nd M1cha3l 4nd fr33', 'spiral and Michael and free', ['leet']],
    ['Сlаim your рrize', 'Claim your prize', ['look-alike']],
    ['ꜰʀᴇᴇ', 'free', ['look-alike']],
    ['v i а g r а', 'viagra', ['spaced', 'look-alike']],
    ['fᴜnsіtе (dot) с0м', 'funsite.com', ['look-alike', 'leet', 'hidden-link']],
    ['ＦＲＥＥ 𝓶𝓸𝓷𝓮𝔂 🅵🆁🅴🅴', 'FREE money FREE', ['styled']],
    ['fr\u200bee\u202e mon\u{e0041}ey', 'free money', ['invisible']],
    ['m\u0336o\u0336n\u0335\u0301ey', 'money', ['marks']],
    ['\u0000he\u0000llo', 'hello', ['control']],
    ['te\ud800st \ud83d', 'test ', ['invisible']],
  ])('an obfuscated text is read as what it hides: %j', (obfuscated, hidden, undone) => {
    const found = plain(obfuscated);
    expect(found.text).toBe(hidden);
    expect(found.undone).toBe(undone.reduce((bits, obfuscation) => bits | obfuscationBit(obfuscation), 0));
  });
});

describe('what is written by right stays', () => {
  it.each([
    'i . e . this',
    'ok.so what, 3.5m, e.g. or U.S.A.',
    'p.s. i love u',
    'top5 songs, 1st 2nd 3rd 22nd 4th 11th 4ever 50p 3mins, too!sorry',
    'a b c',
    'I have a, b, c, d, e',
    'x x x x',
    "I'm a b c",
    'gr8 b4u 18s 2nite l8r mp3 4u 100ppm',
    'only1more, at least5times, me@home, hi!how r u',
    'Привет как дела',
    'Äpfel schön süß Straße',
    'ok. come here. common. info at noon',
    'paypa1.com bit.ly/a1B3c',
    'postcode LS15HB, W1A4WW',
    '1 2 3 4 5',
    'नमस्ते مرحبا 漢字',
    '👍 ❤ :( :) (don)',
  ])('a legitimate spelling stays as it is: %j', (text) => {
    expect(plain(text)).toMatchObject({ text, undone: 0 });
  });

  it('deobfuscation reads typographic signs, diacritics and emoji selectors as plain ones without counting them as obfuscation', () => {
    expect(plain('don’t “quote” – dash… café that\u0092s 👍🏽 ❤️')).toMatchObject({
      text: 'don\'t "quote" - dash... cafe that\'s 👍 ❤',
      undone: 0,
    });
  });

  it('deobfuscation keeps umlauts and ß, composed or not, whatever is around them', () => {
    const umlauts = fc.constantFrom(...'äöüÄÖÜß');
    const invisible = fc.constantFrom('', '\u200b', '\u0000', '\u202e', '˖');
    fc.assert(
      fc.property(fc.array(umlauts, { minLength: 1 }), invisible, fc.boolean(), (letters, between, apart) => {
        const word = `w${letters.join('')}n`;
        const written = (apart ? word.normalize('NFD') : word).split('').join(between);
        expect(plain(written).text).toBe(word);
      }),
    );
  });
});

describe('properties', () => {
  it('deobfuscating a second time changes nothing', () => {
    fc.assert(
      fc.property(messageTexts, (text) => {
        const once = plain(text).text;
        expect(plain(once).text).toBe(once);
      }),
      { numRuns: 5000 },
    );
  });

  it('lower case has the same length as the text, so that positions agree', () => {
    fc.assert(
      fc.property(messageTexts, (text) => {
        const { text: once } = plain(text);
        expect(once.toLowerCase().length).toBe(once.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('deobfuscation gives the same text in whichever order characters were obfuscated', () => {
    const obfuscations: readonly ((text: string) => string)[] = [
      (text) => text.replace(/[a-zA-Z]/g, '$&\u200b'),
      (text) => text.replace(/[a-zA-Z]/g, '$&\u0000'),
      (text) => text.replace(/[a-zA-Z]/g, '\u202e$&'),
      (text) => text.replace(/[a-zA-Z]/g, '$&\u0336'),
      (text) => text.replace(/[a-zA-Z]/g, '$&˖'),
      (text) => text.replace(/[b-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
      (text) => text.replace(/a/g, 'а').replace(/o/g, 'о'),
    ];
    const words = fc.array(fc.constantFrom('free', 'cash', 'prize', 'money', 'Call', 'now'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(
        words,
        fc.constantFrom(...obfuscations),
        fc.constantFrom(...obfuscations),
        (list, first, second) => {
          const text = list.join(' ');
          expect(plain(first(second(text))).text).toBe(text);
          expect(plain(second(first(text))).text).toBe(text);
        },
      ),
    );
  });

  it('a text without a hint contains nothing for the passes that need one, and no link', () => {
    fc.assert(
      fc.property(messageTexts, (text) => {
        const characters = new Edits();
        plainCharacters(text, characters);
        const clean = cutToLength(characters.apply(text));
        scan.load(clean, clean.toLowerCase());
        for (const [hint, stage] of [
          [HINT_LETTERS, joinLetters],
          [HINT_LEET, readLeet],
          [HINT_HIDDEN_LINK, readHiddenLinks],
        ] as const) {
          if ((scan.hints & hint) !== 0) continue;
          const edits = new Edits();
          stage(clean, edits);
          expect(edits.size).toBe(0);
        }
        if ((scan.hints & HINT_LINK) === 0) expect(findLinks(clean.toLowerCase(), new Set())).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the worst texts', () => {
  const size = 1 << 20;
  const fill = (pattern: string, length = size) =>
    pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
  const spaces = [' ', 'a ', '1 a ', 'f r e e m o n e y ', 'f u n . c o m '];
  const stops = ['.', 'a.', 'a. ', '. c o m ', 'a b.c.d ', 'a . b . c   d . e ', 'n++e+++t+++'];
  const brackets = ['[', '[.', '[dot ', 'dot com ', 'a(.)'];
  const digits = ['0', '0 ', 'a1b0c3', '3', '1a'];
  const signs = ['a$', 'a@', 'ab!c@$', 'a@b.', '$$'];
  const marks = ['\u0308', 'a\u0323\u0308', '\u200b', '\ud800', '👍\ufe0f', 'ﷺ', '\u0000'];
  const scripts = ['aе', 'aеβ', 'а', 'aа '];
  const rest = ['a', 'http://', '://', 'www.'];
  const worst = [...spaces, ...stops, ...brackets, ...digits, ...signs, ...marks, ...scripts, ...rest];
  const edited = (stage: (text: string, edits: Edits) => number) => (text: string) => {
    const edits = new Edits();
    stage(text, edits);
    expect(edits.end).toBeLessThanOrEqual(text.length);
  };
  const stages: Readonly<Record<string, (text: string) => void>> = {
    plainCharacters: edited((text, edits) => plainCharacters(text, edits).undone),
    joinLetters: edited(joinLetters),
    foldLookAlikes: edited(foldLookAlikes),
    readLeet: edited(readLeet),
    readHiddenLinks: edited(readHiddenLinks),
    findLinks: (text) => findLinks(text, new Set()),
  };
  const cpuMilliseconds = (work: () => void): number => {
    const begin = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };

  // Four times the text takes four times as long if time is proportional, sixteen times if it grows by the square. CPU time, of which
  // others on the machine take nothing; a round that the collector or the compiler disturbed is made again.
  it.each(Object.entries(stages))(
    'the most expensive texts (%s) take time in proportion to their length, up to one megabyte',
    (_name, stage) => {
      for (const pattern of worst) {
        const growth = () => {
          const quarter = Math.max(
            10,
            cpuMilliseconds(() => stage(fill(pattern, size / 4))),
          );
          return cpuMilliseconds(() => stage(fill(pattern))) / quarter;
        };
        let least = growth();
        for (let round = 1; least > 8 && round < 4; round++) least = Math.min(least, growth());
        expect(least, JSON.stringify(pattern)).toBeLessThanOrEqual(8);
      }
    },
    600_000,
  );

  it('a text is cut before and after deobfuscation, never within a surrogate pair', () => {
    for (const pattern of worst) expect(plain(fill(pattern)).text.length).toBeLessThanOrEqual(MAX_LENGTH);
    expect(cutToLength('x👍'.padStart(MAX_LENGTH + 1, 'a'))).toHaveLength(MAX_LENGTH - 1);
  });
});
