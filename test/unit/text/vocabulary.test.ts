import { describe, expect, it } from 'vitest';
import { AskedTerms } from '../../../src/text/asked-terms.ts';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { hashTerm } from '../../../src/text/term-hash.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { VocabularyBuilder } from '../../../src/text/vocabulary-builder.ts';

const many = Array.from({ length: 100_000 }, (_, i) => `b:word${i % 317} term${i}`);

function find(vocabulary: Vocabulary, name: string): number {
  const { high, low } = hashTerm(name);
  return vocabulary.find(high, low);
}

describe('Vocabulary', () => {
  it('Vocabulary finds each of a hundred thousand names by its hash, and no other', () => {
    const vocabulary = Vocabulary.fromNames(many);
    expect(vocabulary.size).toBe(many.length);
    expect(many.every((name, id) => find(vocabulary, name) === id && vocabulary.name(id) === name)).toBe(
      true,
    );
    expect(many.every((name) => find(vocabulary, `${name}s`) === -1)).toBe(true);
    expect(vocabulary.name(many.length)).toBe('');
  });

  it('Vocabulary looks up all features at once with the same result as one by one', () => {
    const names = many.filter((_, i) => i % 3 === 0);
    const vocabulary = Vocabulary.fromNames(names);
    const asked = new AskedTerms();
    const counted = new FeatureCounts();
    const expected = new FeatureCounts();
    for (let from = 0; from < 20_000; from += 4000) {
      asked.clear();
      counted.clear();
      expected.clear();
      // Known and unknown ones, and every fourth twice.
      for (const name of many.slice(from, from + 4000).flatMap((n, i) => (i % 4 === 0 ? [n, n] : [n]))) {
        const { high, low } = hashTerm(name);
        expect(asked.find(high, low)).toBe(-1);
        const id = vocabulary.find(high, low);
        if (id >= 0) expected.add(id);
      }
      vocabulary.count(asked, counted);
      expect(counted.size).toBeGreaterThan(1000);
      expect([...counted.ids.subarray(0, counted.size)]).toEqual([
        ...expected.ids.subarray(0, expected.size),
      ]);
      expect([...counted.counts.subarray(0, counted.size)]).toEqual([
        ...expected.counts.subarray(0, expected.size),
      ]);
    }
  });

  it('Vocabulary is empty without names', () => {
    expect(find(Vocabulary.fromNames([]), 'w:free')).toBe(-1);
  });

  it('Vocabulary refuses a repeated name', () => {
    expect(() => Vocabulary.fromNames(['w:a', 'w:b', 'w:a'])).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT' }),
    );
  });

  it('Vocabulary distinguishes features of the content from the shape of a message', () => {
    const names = [
      'w:a',
      'f:you',
      'b:a b',
      'n:1d',
      'c:£',
      'e:☎',
      'd:a.com',
      'g:ab',
      's:length:1-9',
      'x:leet',
    ];
    const vocabulary = Vocabulary.fromNames(names);
    expect(names.filter((_, id) => !vocabulary.isContent(id))).toEqual(['s:length:1-9', 'x:leet']);
  });
});

describe('VocabularyBuilder', () => {
  it('VocabularyBuilder numbers features in the order in which they first occur, and counts each once per message', () => {
    const builder = new VocabularyBuilder();
    const see = (name: string) => {
      const { high, low } = hashTerm(name);
      return builder.find(high, low, () => name);
    };
    builder.nextDocument();
    expect([see('w:a'), see('w:b'), see('w:a')]).toEqual([0, 1, 0]);
    builder.nextDocument();
    expect([see('w:c'), see('w:b'), see('w:b')]).toEqual([2, 1, 1]);
    expect(builder.names).toEqual(['w:a', 'w:b', 'w:c']);
    expect(builder.documentFrequencies).toEqual([1, 2, 1]);
    expect(builder.documents).toBe(2);
  });
});
