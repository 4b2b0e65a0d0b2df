import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featureSets } from '../../../src/core/model-manifest.ts';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { contentPrefixes, familyOfName, isContentName } from '../../../src/text/feature-names.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { locateFeatures } from '../../../src/text/locate-features.ts';
import { hashTerm } from '../../../src/text/term-hash.ts';
import { messageTexts } from './message-texts.ts';

const plainSets = featureSets.filter((set) => set !== 'sluice-2');
const featurizers = new Map(
  plainSets.map((featureSet) => [
    featureSet,
    new Featurizer({ languages: ['en', 'de'], ownDomains: ['mysite.example'], featureSet }),
  ]),
);

/** Names in the order of the text, with a check of each hash. */
function named(set: (typeof plainSets)[number], text: string, language?: string, family = 'words' as const) {
  const featurizer = featurizers.get(set)!;
  const names: string[] = [];
  const table = {
    find(high: number, low: number, name: () => string): number {
      expect({ name: name(), high, low }).toEqual({ name: name(), ...hashTerm(name()) });
      names.push(name());
      return -1;
    },
  };
  featurizer.count(featurizer.prepare(text, language), family, table, new FeatureCounts());
  return names;
}

describe('set reference-1', () => {
  it.each([
    ['Winning you PRIZES, call 08001234567 now!', undefined, ['w:win', 'w:prize', 'w:call', 'w:now']],
    ["don't visit http://evil.example.com", 'en', ['w:visit', 'w:http', 'w:evil', 'w:exampl', 'w:com']],
    ['Die Gewinne für dich', 'de', ['w:gewinn']],
    ['f r e e m\u200boney \u{1f44d} \u20ac5', 'en', ['w:free', 'w:money']],
  ])('the features of reference-1 of %j in %s are %j', (text, language, names) => {
    expect(named('reference-1', text, language)).toEqual(names);
  });
});

describe('set bag-of-words-1', () => {
  it.each([
    ["Don't  call, CALL 0800-12 now!", ['t:dont', 't:call', 't:call', 't:080012', 't:now']],
    ['winnings - \u{1f44d} \u20ac5 gr\u00fc\u00dfe', ['t:winnings', 't:5', 't:gr\u00fc\u00dfe']],
    [`${'ab'.repeat(17)} x`, ['t:x']],
    ['', []],
  ])('the features of bag-of-words-1 of %j are %j', (text, names) => {
    expect(named('bag-of-words-1', text)).toEqual(names);
  });
});

describe('both', () => {
  const sets = fc.constantFrom(...plainSets);

  it('the features of reference-1 and bag-of-words-1 are of the content only, in the family words, with a valid prefix', () => {
    fc.assert(
      fc.property(messageTexts, sets, (text, set) => {
        for (const name of named(set, text)) {
          expect(isContentName(name)).toBe(true);
          expect(familyOfName(name)).toBe('words');
          expect(contentPrefixes).toContain(name[0]);
          expect(name.length).toBeGreaterThan(2);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('the feature sets reference-1 and bag-of-words-1 count no grams', () => {
    const out = new FeatureCounts();
    for (const featurizer of featurizers.values()) {
      featurizer.count(featurizer.prepare('free money'), 'grams', { find: () => 0 }, out);
      expect(out.size).toBe(0);
    }
  });

  it('the features of reference-1 and bag-of-words-1 have positions in the message as it was sent', () => {
    const text = 'go f r e e m o n e y, it\u200bs yours';
    const places = (set: (typeof plainSets)[number]) =>
      locateFeatures(featurizers.get(set)!, text).map(({ start, end }) => text.slice(start, end));
    expect(places('reference-1')).toEqual(['go', 'f r e e', 'm o n e y']);
    expect(places('bag-of-words-1')).toEqual(['go', 'f r e e', 'm o n e y', 'it\u200bs', 'yours']);
  });
});
