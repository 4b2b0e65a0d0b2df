import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOLD_CHARACTERS, foldAt } from '../../../src/console/logic/fold.ts';
import { isHidden, visibleLine } from '../../../src/display/characters.ts';
import { defanged, linksIn, withoutLinks } from '../../../src/display/links.ts';
import { levelOf, noEvidence, segmentsOf } from '../../../src/display/segments.ts';

const hostile = fc
  .array(
    fc.constantFrom(
      ...['a', 'Wort ', '\u200B', '\u202E', '\u{E0041}', '\uD800', '\uDC00', '\u0301', '😀', '\u200D', '\n'],
      ...['http://a.example/x', 'www.b', '<script>', '&amp;', '\0', 'ש', '\uFE0F', ' '],
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(''));

describe('a message as runs to draw', () => {
  it('marks words by sign and size, strongest most', () => {
    const evidence = {
      highlights: [
        { start: 0, end: 4, contribution: 2 },
        { start: 5, end: 9, contribution: -0.8 },
      ],
      deobfuscated: [],
    };
    expect(segmentsOf('free your mind', evidence).map(({ text, level }) => [text, level])).toEqual([
      ['free', 3],
      [' ', 0],
      ['your', -2],
      [' mind', 0],
    ]);
  });

  it('marks nothing as strong where nothing is', () => {
    expect(levelOf(0.2, 0.2)).toBe(1);
    expect(levelOf(-0.02, 0.2)).toBe(0);
  });

  it('shows hidden characters as chips with their code points, repeated ones counted', () => {
    const found = segmentsOf('a\u200B\u200Bb\u202Ec\uD83Dd', noEvidence);
    expect(found.filter(({ kind }) => kind === 'hidden').map(({ text, title }) => [text, title])).toEqual([
      ['ZWSP×2', 'U+200B ×2'],
      ['RLO', 'U+202E'],
      ['U+D83D', 'U+D83D'],
    ]);
  });

  it('leaves families, flags of hearts and accents as they are', () => {
    const plain = '👩‍👩‍👧 ❤️ cafe\u0301';
    expect(segmentsOf(plain, noEvidence).map(({ text }) => text)).toEqual([plain]);
  });

  it('counts the marks on a letter beyond what any language has', () => {
    expect(segmentsOf(`a${'\u0301'.repeat(40)}b`, noEvidence).map(({ text }) => text)).toEqual([
      'a\u0301\u0301\u0301',
      '+37',
      'b',
    ]);
  });

  it('has the text of the message and nothing else, apart from chips and defanged links', () => {
    fc.assert(
      fc.property(hostile, (message) => {
        const segments = segmentsOf(message, noEvidence);
        const drawn = segments
          .filter(({ kind }) => kind === 'text' || kind === 'link')
          .map(({ text }) => text);
        const seen = drawn.join('').replaceAll('[.]', '.').replaceAll('hxxp', 'http');
        let at = 0;
        for (const character of seen) {
          at = message.indexOf(character, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += character.length;
        }
        expect(/[\u200B\u202E\0]|\p{Cs}/u.test(seen)).toBe(false);
        expect(drawn.some((text) => /http:\/\//.test(text))).toBe(false);
      }),
    );
  });

  it('is cut into the same runs wherever it is folded', () => {
    fc.assert(
      fc.property(hostile, fc.nat(90), (message, most) => {
        const end = foldAt(message, most + 1);
        expect(end).toBeGreaterThan(message === '' ? -1 : 0);
        expect(end).toBeLessThanOrEqual(message.length);
        const cut =
          /[\uD800-\uDBFF]$/.test(message.slice(0, end)) && /^[\uDC00-\uDFFF]/.test(message.slice(end));
        expect(cut && end > 1).toBe(false);
      }),
    );
  });
});

describe('long messages', () => {
  it('are folded at a space, and after some lines', () => {
    expect(foldAt('short')).toBe(5);
    expect(foldAt(`${'word '.repeat(1000)}`)).toBe(FOLD_CHARACTERS + 1 - ((FOLD_CHARACTERS + 1) % 5));
    expect(foldAt('x'.repeat(1_048_576))).toBe(FOLD_CHARACTERS);
    expect(foldAt('\n'.repeat(500))).toBe(24);
  });
});

describe('links', () => {
  it.each([
    ['see https://shop.example.com/a?b=1, ok', 'https://shop.example.com/a?b=1'],
    ['go to www.example.org!', 'www.example.org'],
    ['(bit.ly/abc)', 'bit.ly/abc'],
    ['mail me@example.com now', 'me@example.com'],
  ])('are found in %s', (text, link) => {
    const [found] = linksIn(text);
    expect(text.slice(found!.start, found!.end)).toBe(link);
  });

  it('are not found in sentences without a space after the full stop, or in numbers', () => {
    expect(linksIn('Das war gut.Dann kam er. Um 9.30 Uhr, v1.2.3, z.B. so')).toEqual([]);
  });

  it('are defanged so that no program takes them for links', () => {
    expect(defanged('https://a.example.com/')).toBe('hxxps://a[.]example[.]com/');
    expect(withoutLinks('to http://a.example and b')).toBe('to hxxp://a[.]example and b');
  });
});

describe('names and table cells', () => {
  it('are one line in which nothing is hidden', () => {
    expect(visibleLine('a\nb\u202Ec')).toBe('a b[U+202E]c');
    expect(visibleLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
    fc.assert(
      fc.property(hostile, (text) => {
        expect(
          [...visibleLine(text)].some(
            (character) => character !== '\u200D' && character !== '\uFE0F' && isHidden(character),
          ),
        ).toBe(false);
      }),
    );
  });
});
