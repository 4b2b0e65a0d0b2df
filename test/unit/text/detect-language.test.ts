import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { messageTexts } from './message-texts.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
const EN = 0;
const DE = 1;

describe('the language of a message that names none', () => {
  test.each([
    ['Kommst du heute noch vorbei?', DE],
    ['bitte anrufen', DE],
    ['Schönes Wochenende', DE],
    ['ich bin gleich da', DE],
    ['are you coming over later?', EN],
    ['please call me', EN],
    ['what a day', EN],
  ])('the language of a message that states none is detected by its words: %j', (text, language) => {
    expect(featurizer.prepare(text).language).toBe(language);
  });

  test.each([
    '',
    '12345',
    '😀',
    'xqzv bnrt',
    'привет, как дела?',
    'het is niet te geloven wat je daar ziet',
    'nous avons été chez lui',
  ])(
    'the language of a message that states none is the default if the model does not know the one of %j',
    (text) => {
      expect(featurizer.prepare(text).language).toBe(EN);
      const other = new Featurizer({ languages: ['de', 'en'], ownDomains: [] });
      expect(other.prepare(text).language).toBe(0);
    },
  );

  it('the language of a message is the stated one, if there is one', () => {
    expect(featurizer.prepare('are you coming over later?', 'de').language).toBe(DE);
    expect(featurizer.prepare('Kommst du heute noch vorbei?', 'en').language).toBe(EN);
  });

  it('the language of a message that states none is detected in the deobfuscated text', () => {
    expect(featurizer.prepare('k o m m s t  d u  h e u t e  n o c h').language).toBe(DE);
  });

  it('the language of a message that states none is the same from bytes and from a string', () => {
    const bytes = Buffer.from('kommst du heute noch');
    expect(featurizer.preparePlain(bytes, 0, bytes.length)?.language).toBe(DE);
  });

  it('the language of a message that states none does not depend on earlier messages', () => {
    fc.assert(
      fc.property(messageTexts, messageTexts, (text, before) => {
        const alone = featurizer.prepare(text).language;
        featurizer.prepare(before);
        expect(featurizer.prepare(text).language).toBe(alone);
      }),
    );
  });
});
