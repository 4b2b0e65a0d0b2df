import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatVocabulary, parseVocabulary, readVocabularyFile } from '../../../src/text/vocabulary-file.ts';

const section = (...features: [string, number][]) => ({
  names: features.map(([name]) => name),
  strengths: Float32Array.from(features.map(([, strength]) => strength)),
});

describe('the vocabulary file', () => {
  test('the vocabulary file has a header and one line per feature', () => {
    const text = formatVocabulary({
      words: section(['w:free', 1.5], ['b:a b', -0.25]),
      grams: section(['g:_x', 0]),
    });
    expect(text).toBe('sluice-vocabulary 1\nwords 2\nw:free\t1.5\nb:a b\t-0.25\ngrams 1\ng:_x\t0\n');
  });

  test('the vocabulary file stores any names without change', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\t', '\n', '\\u0009', '\ud83d', '\r', '\\', '😀'),
    );
    const names = fc.uniqueArray(
      fc.array(unit, { minLength: 1, maxLength: 4 }).map((parts) => `w:${parts.join('')}`),
    );
    fc.assert(
      fc.property(names, (given) => {
        const words = { names: given, strengths: new Float32Array(given.length) };
        const text = formatVocabulary({ words, grams: section() });
        const throughBytes = new TextDecoder().decode(new TextEncoder().encode(text));
        expect(parseVocabulary(throughBytes).words.names).toEqual(given);
      }),
    );
  });

  test('the vocabulary file stores feature strengths with four digits', () => {
    const { words } = parseVocabulary(
      formatVocabulary({ words: section(['w:a', 0.123456]), grams: section() }),
    );
    expect(words.strengths[0]).toBeCloseTo(0.1235, 6);
  });

  test('the vocabulary file gives each feature the id of its position', () => {
    const { vocabularies, strengths } = readVocabularyFile(
      formatVocabulary({ words: section(['w:a', 1], ['w:b', 2]), grams: section() }),
    );
    expect(vocabularies.words.name(1)).toBe('w:b');
    expect(vocabularies.grams.size).toBe(0);
    expect(strengths.words[1]).toBe(2);
  });

  test.each([
    ['another header', 'vocabulary 2\nwords 0\ngrams 0\n'],
    ['a missing family', 'sluice-vocabulary 1\nwords 0\n'],
    ['fewer features than said', 'sluice-vocabulary 1\nwords 2\nw:a\t1\ngrams 0\n'],
    ['more features than said', 'sluice-vocabulary 1\nwords 0\ngrams 1\ng:a\t1\ng:b\t1\n'],
    ['no strength', 'sluice-vocabulary 1\nwords 1\nw:a\ngrams 0\n'],
    ['a strength that is no number', 'sluice-vocabulary 1\nwords 1\nw:a\tx\ngrams 0\n'],
    ['a cut end', 'sluice-vocabulary 1\nwords 0\ngrams 1\ng:a\t1'],
  ])('the vocabulary file with %s is refused', (_, text) => {
    expect(() => parseVocabulary(text)).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
  });
});
