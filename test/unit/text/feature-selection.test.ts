import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { everyFeature, selectionOf } from '../../../src/text/feature-selection.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { VocabularyBuilder } from '../../../src/text/vocabulary-builder.ts';
import { messageTexts } from './message-texts.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });

function namesOf(text: string, family: 'words' | 'grams', selection = everyFeature): readonly string[] {
  const builder = new VocabularyBuilder();
  featurizer.count(featurizer.prepare(text), family, builder, new FeatureCounts(), selection);
  return builder.names;
}

describe('a selection of features', () => {
  it('a featurizer with a selection of features counts only those', () => {
    const few = { pairs: false, shortestGram: 3, longestGram: 4 };
    fc.assert(
      fc.property(messageTexts, (text) => {
        expect(namesOf(text, 'words', few)).toEqual(
          namesOf(text, 'words').filter((name) => !name.startsWith('b:')),
        );
        expect(namesOf(text, 'grams', few)).toEqual(
          namesOf(text, 'grams').filter((name) => name.length === 5 || name.length === 6),
        );
      }),
    );
  });

  it('a selection of features for a vocabulary leaves out none of its terms', () => {
    const count = (text: string, family: 'words' | 'grams', known: Vocabulary) => {
      const out = new FeatureCounts();
      featurizer.count(featurizer.prepare(text), family, known, out);
      return Array.from(out.ids.subarray(0, out.size), (id, i) => `${known.name(id)} ${out.counts[i]}`);
    };
    fc.assert(
      fc.property(messageTexts, fc.constantFrom('words', 'grams'), fc.nat(), (text, family, seed) => {
        const names = namesOf(text, family);
        const some = names.filter((_, at) => (seed >> (at % 30)) % 2 === 1);
        const all = count(text, family, Vocabulary.fromNames(names));
        const kept = new Set(some);
        expect(count(text, family, Vocabulary.fromNames(some)).sort()).toEqual(
          all.filter((line) => kept.has(line.slice(0, line.lastIndexOf(' ')))).sort(),
        );
      }),
    );
  });

  it('a selection of features is determined by names', () => {
    expect(selectionOf(['w:free', 'g:_fr', 'g:free'])).toEqual({
      pairs: false,
      shortestGram: 3,
      longestGram: 4,
    });
    expect(selectionOf(['b:free money']).pairs).toBe(true);
  });
});
