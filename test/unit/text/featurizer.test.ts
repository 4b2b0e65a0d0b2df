import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FeatureFamily, featureFamilies } from '../../../src/core/model-manifest.ts';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { contentPrefixes, familyOfName, isContentName, isFormName } from '../../../src/text/feature-names.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { hashTerm } from '../../../src/text/term-hash.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { VocabularyBuilder } from '../../../src/text/vocabulary-builder.ts';
import { messageTexts } from './message-texts.ts';

const options = { languages: ['en', 'de'], ownDomains: ['mysite.example', 'shop.co.uk'] };
const shared = new Featurizer(options);

/** Names and how often they were asked for, with a check of each hash. */
function named(
  featurizer: Featurizer,
  text: string,
  family: FeatureFamily,
  language?: string,
): Record<string, number> {
  const names: Record<string, number> = {};
  const table = {
    find(high: number, low: number, name: () => string): number {
      const text = name();
      expect({ name: text, high, low }).toEqual({ name: text, ...hashTerm(text) });
      names[text] = (names[text] ?? 0) + 1;
      return -1;
    },
  };
  featurizer.count(featurizer.prepare(text, language), family, table, new FeatureCounts());
  return names;
}

function words(text: string, language?: string): readonly string[] {
  return Object.keys(named(shared, text, 'words', language));
}

/** Without those of the message as a whole. */
function written(text: string, language?: string): readonly string[] {
  return words(text, language).filter((name) => isContentName(name));
}

describe('family words', () => {
  it('the family words has stems, stop words and pairs of neighbors', () => {
    expect(written('Winning you prizes')).toEqual(['w:win', 'f:you', 'b:win you', 'w:prize', 'b:you prize']);
  });

  it('the family words stems in the language of the message, by its primary subtag, or else in the default', () => {
    expect(written('Gewinne für dich', 'de-AT')).toEqual([
      'w:gewinn',
      'f:fur',
      'b:gewinn fur',
      'f:dich',
      'b:fur dich',
    ]);
    expect(written('winning', 'fr')).toEqual(['w:win']);
    expect(written('winning')).toEqual(['w:win']);
  });

  it.each([
    ['09061701461', ['n:11d', 's:phone-numbers:1']],
    ['£1,000.50', ['n:£1d,3d.2d']],
    ['5 €', ['n:1d€']],
    ['50%', ['w:50', 'n:2d%']],
    ['+447700900123', ['n:+12d']],
    ['10:30', ['n:2d:2d']],
    ['150ppm', ['w:150ppm', 'n:3da']],
    ['12345678901234567890', ['n:15d']],
  ])('the family words represents %j by its shape', (text, expected) => {
    expect(words(text)).toEqual(expect.arrayContaining(expected));
  });

  it('the family words pairs words with numbers, links and addresses by their kind', () => {
    expect(written('call 09061701461 or visit evil.com or mail x@evil.com')).toEqual(
      expect.arrayContaining(['b:call #11d', 'b:visit @link', 'b:mail @mail']),
    );
  });

  it.each([
    ['see http://login.paypal.example.co.uk/x', ['d:example.co.uk', 'd:*.co.uk', 'd:http', 'd:path']],
    ['go www.evil.tk', ['d:evil.tk', 'd:*.tk', 'd:www']],
    ['bit.ly/2abc', ['d:bit.ly', 'd:shortener', 'd:path']],
    ['t.me/x', ['d:t.me', 'd:messenger', 'd:path']],
    ['https://x.blogspot.com/', ['d:x.blogspot.com', 'd:hosting', 'd:https']],
    ['https://paypal.com@evil.tk/a', ['d:user-info', 'd:evil.tk', 'd:*.tk', 'd:https', 'd:path']],
    ['https://www.bbc.co.uk/news/1', ['d:bbc.co.uk', 'd:known']],
    ['https://www.example.gov.uk/', ['d:example.gov.uk', 'd:known']],
    ['http://192.168.0.1/admin', ['d:local']],
    [
      'https://google.com/url?q=https://evil.tk',
      ['d:redirect', 'd:google.com', 'd:known', 'd:https', 'd:path'],
    ],
    [
      'paypal-login.top/verify/now',
      ['d:paypal-login.top', 'd:*.top', 'd:brand-in-name', 'd:path', 'd:/verify', 'd:/now'],
    ],
    ['http://xkqzrt.click', ['d:xkqzrt.click', 'd:*.click', 'd:odd-name', 'd:http']],
    ['http://1.2.3.4/a', ['d:ip', 'd:http', 'd:path']],
    ['funsite 18++n++e+++t+++', ['d:funsite18.net', 'd:*.net']],
    ['x@gmail.com', ['d:@gmail.com']],
    ['sorry.in meeting', ['d:?']],
  ])('the family words represents links of %j as registrable domains', (text, expected) => {
    expect(words(text).filter((name) => name.startsWith('d:'))).toEqual(expected);
  });

  it('a link that shows one domain and leads to another is a feature', () => {
    const hidden = '[paypal.com](https://evil.tk)';
    expect(words(hidden)).toContain('d:other-target');
    expect(words('[evil.tk](https://evil.tk)')).not.toContain('d:other-target');
  });

  it('the family words counts links to well-known sites separately, and pairs them by that kind', () => {
    const names = written('see https://www.bbc.co.uk/news/1 or visit evil.tk');
    expect(names).toEqual(expect.arrayContaining(['b:see @site', 'b:visit @link']));
    expect(words('https://www.bbc.co.uk/news/1')).toContain('s:sites:1');
    expect(words('https://www.bbc.co.uk/news/1')).not.toContain('s:links:1');
  });

  it('the family words represents a price by its shape alone, and a lone sign as itself', () => {
    expect(words('25 €')).not.toEqual(expect.arrayContaining(['w:25']));
    expect(words('25 €')).not.toContain('c:€');
    expect(words('€ or $')).toEqual(expect.arrayContaining(['c:€', 'c:$']));
  });

  it('the family words counts no link to a domain of the own site', () => {
    const text = 'see www.mysite.example/a and cdn.shop.co.uk/b and me@shop.co.uk';
    expect(words(text).filter((name) => name.startsWith('d:') || name.startsWith('s:links'))).toEqual([]);
    expect(words('see myshop.co.uk/b')).toContain('d:myshop.co.uk');
  });

  it('the family words has features for the shape of a message and for obfuscation that was undone', () => {
    const names = words('WIN CASH!!! f r e e 👍 now\nzooomg brrrap');
    expect(names).toEqual(
      expect.arrayContaining([
        's:shouted-words:2',
        's:exclamations:3-4',
        's:symbols:1',
        's:lines:2',
        's:stretches:2-3',
      ]),
    );
    expect(names).toEqual(
      expect.arrayContaining(['s:length:30-44', 's:starts-with-capital:1+', 'x:spaced', 'e:👍']),
    );
  });

  it('the family words gives a word that is too long no feature of its own', () => {
    const names = words(`${'ab'.repeat(16)}c more`);
    expect(names.filter((name) => isContentName(name))).toEqual(['f:more']);
    expect(names).toContain('s:long-words:1');
  });
});

describe('family grams', () => {
  it('the family grams has two to five characters in a row, with one space around and between words', () => {
    expect(Object.keys(named(shared, ' Ab \n c', 'grams'))).toEqual([
      ...['g:_a', 'g:_ab', 'g:_ab_', 'g:_ab_c', 'g:ab', 'g:ab_', 'g:ab_c', 'g:ab_c_'],
      ...['g:b_', 'g:b_c', 'g:b_c_', 'g:_c', 'g:_c_', 'g:c_'],
    ]);
  });

  it('the family grams never contains half of a surrogate pair', () => {
    expect(Object.keys(named(shared, 'a👍', 'grams'))).toContain('g:a☺_');
  });

  it('the family grams represents each digit as 0, and a link to a well-known site as one character', () => {
    expect(Object.keys(named(shared, '91', 'grams'))).toEqual(Object.keys(named(shared, '34', 'grams')));
    expect(Object.keys(named(shared, 'hi https://www.bbc.co.uk/a b', 'grams'))).toEqual(
      Object.keys(named(shared, 'hi https://youtu.be/x-y b', 'grams')),
    );
    expect(Object.keys(named(shared, 'hi https://youtu.be/x b', 'grams'))).toContain('g:_⌂_');
    expect(Object.keys(named(shared, 'hi evil.tk', 'grams'))).toContain('g:evil');
    fc.assert(
      fc.property(messageTexts, fc.constantFrom(...featureFamilies), (text, family) => {
        for (const name of Object.keys(named(shared, text, family)))
          expect(name).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

describe('properties', () => {
  const families = fc.constantFrom(...featureFamilies);
  const languages = fc.constantFrom(undefined, 'en', 'de', 'tr');

  it('every feature name has the hash that the scanner computes without it, a known prefix and its family', () => {
    fc.assert(
      fc.property(messageTexts, families, languages, (text, family, language) => {
        for (const name of Object.keys(named(shared, text, family, language))) {
          expect([...contentPrefixes, 's', 'x']).toContain(name.slice(0, name.indexOf(':')));
          expect(familyOfName(name)).toBe(family);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('the features of a text do not depend on texts before it', () => {
    fc.assert(
      fc.property(
        fc.array(messageTexts, { maxLength: 3 }),
        messageTexts,
        families,
        (before, text, family) => {
          for (const other of before) named(shared, other, family);
          expect(named(shared, text, family)).toEqual(named(new Featurizer(options), text, family));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a prepared text may be counted after others were prepared', () => {
    fc.assert(
      fc.property(messageTexts, messageTexts, families, (first, second, family) => {
        const builder = new VocabularyBuilder();
        const at = (featurizer: Featurizer, prepared: ReturnType<Featurizer['prepare']>) => {
          const out = new FeatureCounts();
          featurizer.count(prepared, family, builder, out);
          return counted(out);
        };
        const expected = at(shared, shared.prepare(first));
        const prepared = shared.prepare(first);
        shared.prepare(second);
        expect(at(shared, prepared)).toEqual(expected);
      }),
    );
  });

  it('bytes of ASCII give the same features as the string', () => {
    const words = ['free', 'Money', "don't", 'YOU', '18', '3rd', 'sooo', '!', '?', ',', '\n', '  '];
    const texts = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => list.join(' '));
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary-ascii' })), families, (text, family) => {
        const builder = new VocabularyBuilder();
        const expected = new FeatureCounts();
        shared.count(shared.prepare(text, 'de'), family, builder, expected);
        const vocabulary = Vocabulary.fromNames(builder.names);
        const bytes = new TextEncoder().encode(`"${text}"`);
        const prepared = shared.prepareAscii(bytes, 1, bytes.length - 1, () => text, 'de');
        const out = new FeatureCounts();
        shared.count(prepared, family, vocabulary, out);
        expect(counted(out)).toEqual(counted(expected));
        if (!shared.isPassing(prepared)) return;
        plain++;
        shared.prepare('something else');
        expect(() => shared.count(prepared, family, vocabulary, out)).toThrow(TypeError);
      }),
      { numRuns: 500 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it('the collector of training and the vocabulary of serving count the same features', () => {
    fc.assert(
      fc.property(fc.array(messageTexts, { minLength: 1, maxLength: 5 }), families, (texts, family) => {
        const builder = new VocabularyBuilder();
        const trained = texts.map((text) => {
          const out = new FeatureCounts();
          builder.nextDocument();
          shared.count(shared.prepare(text), family, builder, out);
          return counted(out);
        });
        const vocabulary = Vocabulary.fromNames(builder.names);
        const out = new FeatureCounts();
        texts.forEach((text, i) => {
          shared.count(shared.prepare(text), family, vocabulary, out);
          expect(counted(out)).toEqual(trained[i]);
          expect([...trained[i]!.values()].every((count) => count > 0)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('a featurizer with a vocabulary leaves out features that are not in it', () => {
    const out = new FeatureCounts();
    const vocabulary = Vocabulary.fromNames(['w:money', 'b:free money', 'g:mon']);
    shared.count(shared.prepare('free money, money and cash'), 'words', vocabulary, out);
    expect(counted(out)).toEqual(
      new Map([
        [0, 2],
        [1, 1],
      ]),
    );
    shared.count(shared.prepare(''), 'words', vocabulary, out);
    expect(out.size).toBe(0);
  });
});

function counted(out: FeatureCounts): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < out.size; i++) counts.set(out.ids[i]!, out.counts[i]!);
  expect(counts.size).toBe(out.size);
  return counts;
}

describe('features of how a message looks', () => {
  it.each([
    's:digits:2',
    'n:11d',
    'c:€',
    'e:😀',
    'd:https',
    'd:path',
    'd:*.com',
    'd:known',
    'w:18',
    'b:#2d @link',
    'g:_00',
    'x:leet',
  ])('features of form include %s', (name) => {
    expect(isFormName(name)).toBe(true);
  });

  it.each(['w:free', 'f:you', 'b:call #11d', 'd:bit.ly', 'd:@gmail.com', 'd:/login', 'g:che', 'g:0_a'])(
    'features of form do not include %s',
    (name) => {
      expect(isFormName(name)).toBe(false);
    },
  );
});
