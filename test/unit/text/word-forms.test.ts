import stopwordsIso from 'stopwords-iso' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { languages } from '../../../src/text/languages/languages.ts';
import { BASE_HIGH, BASE_LOW, continueHash } from '../../../src/text/term-hash.ts';
import {
  FLAGS,
  POWER_LOW,
  STEM_HIGH,
  STEM_LOW,
  STOP_WORD,
  STRETCHED,
  WordForms,
} from '../../../src/text/word-forms.ts';

function formOf(forms: WordForms, word: string) {
  const codes = Uint16Array.from(word, (letter) => letter.charCodeAt(0));
  const place = forms.find(
    continueHash(0, BASE_HIGH, word),
    continueHash(0, BASE_LOW, word),
    codes,
    0,
    word.length,
  );
  const { table } = forms;
  const flags = table[place + FLAGS]!;
  return {
    high: table[place + STEM_HIGH]!,
    low: table[place + STEM_LOW]!,
    power: table[place + POWER_LOW]!,
    stopWord: (flags & STOP_WORD) !== 0,
    stretched: (flags & STRETCHED) !== 0,
    stem: forms.stemOf(codes, 0, word.length),
  };
}

describe('WordForms', () => {
  it.each([
    ['en', 'winning', 'win', false, false],
    ['en', 'you', 'you', true, false],
    ['en', 'sooo', 'sooo', false, true],
    ['en', '15000', '15000', false, false],
    ['de', 'gewinnen', 'gewinn', false, false],
    ['de', 'für', 'fur', true, false],
    ['tr', 'kazandınız', 'kazandınız', false, false],
  ])('WordForms in %s gives %s the stem %s', (language, word, stem, stopWord, stretched) => {
    expect(formOf(new WordForms(language), word)).toMatchObject({
      stem,
      stopWord,
      stretched,
      high: continueHash(0, BASE_HIGH, stem),
      low: continueHash(0, BASE_LOW, stem),
    });
  });

  it('WordForms returns the same stems after far more words than its cache can hold', () => {
    const forms = new WordForms('en');
    const asked = ['a', 'i', 'u', 'winning', 'prizes', 'you'];
    const before = asked.map((word) => formOf(forms, word));
    const size = forms.table.length;
    for (let i = 0; i < 100_000; i++) formOf(forms, `w${i.toString(36)}z`);
    expect(asked.map((word) => formOf(forms, word))).toEqual(before);
    expect(forms.table.length).toBe(size);
  });
});

describe('stop words', () => {
  it.each(Object.entries(languages))(
    'stop words of %s are among those of a published list',
    (language, { stopWords }) => {
      const published = new Set((stopwordsIso as Record<string, readonly string[]>)[language]);
      expect(stopWords.filter((word) => !published.has(word))).toEqual([]);
    },
  );
});
