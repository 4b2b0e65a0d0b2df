import fc from 'fast-check';
import { newStemmer } from 'snowball-stemmers';
import { describe, expect, it } from 'vitest';
import { isKnownWordAt } from '../../../src/text/known-word-trie.ts';
import { knownWords } from '../../../src/text/known-words.ts';
import { languages } from '../../../src/text/languages/languages.ts';

/** Ends of words that the two algorithms treat in special ways. */
const endings = [
  ...[
    's',
    'ss',
    'us',
    'ies',
    'ied',
    'sses',
    "'",
    "'s",
    "'s'",
    'ed',
    'eed',
    'ing',
    'edly',
    'eedly',
    'ingly',
    'y',
    'e',
    'll',
  ],
  ...[
    'tional',
    'ational',
    'enci',
    'anci',
    'abli',
    'entli',
    'izer',
    'ization',
    'ation',
    'ator',
    'alism',
    'aliti',
    'alli',
  ],
  ...[
    'fulness',
    'ousli',
    'ousness',
    'iveness',
    'iviti',
    'biliti',
    'bli',
    'ogi',
    'logi',
    'fulli',
    'lessli',
    'li',
    'alize',
  ],
  ...[
    'icate',
    'iciti',
    'ical',
    'ful',
    'ness',
    'ative',
    'ance',
    'ence',
    'able',
    'ible',
    'ant',
    'ement',
    'ment',
    'ent',
    'ism',
  ],
  ...[
    'ion',
    'sion',
    'tion',
    'ate',
    'iti',
    'ous',
    'ive',
    'ize',
    'al',
    'er',
    'ic',
    'bb',
    'tt',
    'at',
    'bl',
    'iz',
  ],
  ...[
    'em',
    'ern',
    'en',
    'es',
    'niss',
    'nisse',
    'st',
    'est',
    'end',
    'ung',
    'ig',
    'ik',
    'isch',
    'lich',
    'heit',
    'keit',
    'igkeit',
  ],
];
const beginnings = [
  '',
  'arsen',
  'commun',
  'gener',
  'y',
  'ay',
  "'",
  'aue',
  'äu',
  'sky',
  'succeed',
  'herring',
  'inning',
  'ein',
];
const letters = [...'aeiouybcdglmnrstwxäöüß', "'", 'é', '漢', '7'];
const pieces = fc.oneof(
  fc.constantFrom(...endings),
  fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 4 }).map((list) => list.join('')),
);
const words = fc
  .tuple(fc.constantFrom(...beginnings), fc.array(pieces, { minLength: 1, maxLength: 4 }))
  .map(([beginning, list]) => beginning + list.join(''));

const nameOf = new Intl.DisplayNames('en', { type: 'language' });

describe.each(Object.entries(languages))('the stemmer of %s', (tag, { stem }) => {
  const reference = newStemmer(nameOf.of(tag)!.toLowerCase() as 'english');

  it('a stemmer stems each known word as the Snowball reference does', () => {
    const differing = [...knownWords].filter((word) => stem(word) !== reference.stem(word));
    expect(differing).toEqual([]);
  });

  it('a stemmer stems words made of endings and letters as the Snowball reference does', () => {
    fc.assert(
      fc.property(words, (word) => {
        expect(stem(word)).toBe(reference.stem(word));
      }),
      { numRuns: 30_000 },
    );
  });
});

describe('the trie of known words', () => {
  it('the trie of known words finds each known word in any case, at any position of a text, and no other word', () => {
    for (const word of knownWords) {
      for (const written of [word, word.replace(/[a-z]/g, (letter) => letter.toUpperCase())]) {
        const text = `e${written}n`;
        expect(isKnownWordAt(text, 1, text.length - 1), written).toBe(true);
      }
      for (const other of [word.slice(1), word.slice(0, -1), `${word}e`, `q${word}`])
        expect(isKnownWordAt(other, 0, other.length), other).toBe(knownWords.has(other));
    }
  });
});
