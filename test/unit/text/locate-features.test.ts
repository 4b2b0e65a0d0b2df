import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featureFamilies } from '../../../src/core/model-manifest.ts';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { locateFeatures } from '../../../src/text/locate-features.ts';
import { VocabularyBuilder } from '../../../src/text/vocabulary-builder.ts';
import { messageTexts } from './message-texts.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });

function textOf(message: string, name: string): string | undefined {
  const found = locateFeatures(featurizer, message).find((feature) => feature.name === name);
  return found && message.slice(found.start, found.end);
}

describe('where features stand', () => {
  it.each([
    ['you win FREE money today', 'b:free money', 'FREE money'],
    ['you win FR\u200bEE\u200b money today', 'w:free', 'FR\u200bEE\u200b'],
    ['go f r e e now', 'w:free', 'f r e e'],
    ['see funsite 18++n++e+++t+++ ok', 'd:funsite18.net', 'funsite 18++n++e+++t+++'],
    ['get ＣＡＳＨ now', 'w:cash', 'ＣＡＳＨ'],
    ['pay £1,000 now', 'n:£1d,3d', '£1,000'],
    ['Grüße', 'g:gr', 'Gr'],
    ['x 👍 y', 'e:👍', '👍'],
  ])('the position in %j of the feature %s is %j', (message, name, expected) => {
    expect(textOf(message, name)).toBe(expected);
  });

  it('positions of features are within the message, and as many as the features that are counted', () => {
    fc.assert(
      fc.property(messageTexts, (text) => {
        const located = locateFeatures(featurizer, text);
        const found = new Map<string, number>();
        for (const { name, start, end } of located) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          found.set(name, (found.get(name) ?? 0) + 1);
        }
        const counted = new Map<string, number>();
        for (const family of featureFamilies) {
          const builder = new VocabularyBuilder();
          const out = new FeatureCounts();
          featurizer.count(featurizer.prepare(text), family, builder, out);
          for (let i = 0; i < out.size; i++) {
            const name = builder.names[out.ids[i]!]!;
            if (!/^[sx]:/.test(name)) counted.set(name, out.counts[i]!);
          }
        }
        expect(found).toEqual(counted);
      }),
      { numRuns: 1000 },
    );
  });
});
