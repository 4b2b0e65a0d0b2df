import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { trimmedEnd, WindowSearch } from '../../../src/text/window-search.ts';

const names = ['w:prize', 'w:claim', 'w:dinner', 'w:lake', 'd:example.com', 'n:4d'];
const vocabulary = Vocabulary.fromNames(names);
const strengths = Float32Array.of(40, 30, -50, -20, 25, 10);
const featurizer = new Featurizer({ languages: ['en'], ownDomains: [] });
const counts = new FeatureCounts();

function find(text: string, lengths: readonly number[], least = 0): string[] {
  const prepared = featurizer.prepare(text);
  featurizer.count(prepared, 'words', vocabulary, counts);
  return new WindowSearch(strengths, lengths, least)
    .find(featurizer.lastWords)
    .map(({ start, end }) => prepared.text.slice(start, trimmedEnd(prepared.text, start, end)));
}

const padding = 'dinner at the lake with all of us and more';

describe('the search for the part of a text that looks most like spam', () => {
  it('the search for the part that looks most like spam finds it between harmless words, at any position', () => {
    for (const text of [
      `claim a prize ${padding}`,
      `${padding} claim a prize`,
      `${padding} claim a prize ${padding}`,
    ])
      expect(find(text, [3])).toEqual(['claim a prize']);
  });

  it('the search for the part that looks most like spam counts a link or a number as one word', () => {
    expect(find(`${padding} prize http://example.com/a/b-c 4711 claim ${padding}`, [4])).toEqual([
      'prize http://example.com/a/b-c 4711 claim',
    ]);
  });

  it('the search for the part that looks most like spam returns a part of each length that is shorter than the text', () => {
    expect(find(`claim a prize ${padding}`, [2, 3, 13, 40]).map((part) => part.split(' ').length)).toEqual([
      2, 3,
    ]);
  });

  it('the search for the part that looks most like spam returns those with the highest rates if there are too many', () => {
    const prepared = featurizer.prepare(`claim a prize ${padding}`);
    featurizer.count(prepared, 'words', vocabulary, counts);
    const all = new WindowSearch(strengths, [1, 3, 5], 0).find(featurizer.lastWords);
    const best = new WindowSearch(strengths, [1, 3, 5], 0, 1).find(featurizer.lastWords);
    expect(all.map(({ words }) => words)).toEqual([1, 3, 5]);
    expect(best).toEqual([all[1]]);
  });

  it('the search for the part that looks most like spam returns nothing if no part exceeds the minimum rate', () => {
    expect(find(padding, [3])).toEqual([]);
    expect(find(`claim a prize ${padding}`, [3], 49)).toHaveLength(1);
    expect(find(`claim a prize ${padding}`, [3], 50)).toEqual([]);
  });

  it('the search for the part that looks most like spam finds the same part as an exhaustive search', () => {
    const word = fc.constantFrom('prize', 'claim', 'dinner', 'lake', 'and', 'with');
    const value: Record<string, number> = { prize: 40, claim: 30, dinner: -50, lake: -20 };
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 2, max: 12 }),
        (words, length) => {
          let best = 0;
          let part: string | undefined;
          for (let from = 0; from + length <= words.length && length < words.length; from++) {
            const known = words.slice(from, from + length).flatMap((one) => value[one] ?? []);
            const rate = known.reduce((sum, one) => sum + one, 0) / Math.sqrt(Math.max(1, known.length));
            if (rate > best + 1e-9) {
              best = rate;
              part = words.slice(from, from + length).join(' ');
            }
          }
          expect(find(words.join(' '), [length])).toEqual(part === undefined ? [] : [part]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('the search for the part that looks most like spam is not affected by an earlier, longer text', () => {
    find('prize '.repeat(3_000), [5]);
    expect(find(`claim a prize ${padding}`, [3])).toEqual(['claim a prize']);
  });
});

describe('a part of a prepared text', () => {
  it('a part of a prepared text has the same features as a message of that text', () => {
    const every = (prepared: ReturnType<Featurizer['prepare']>) => {
      const found: string[] = [];
      for (const family of ['words', 'grams'] as const) {
        const table = {
          find: (_high: number, _low: number, name: () => string) => {
            found.push(name());
            return -1;
          },
        };
        featurizer.count(prepared, family, table, counts);
      }
      return found;
    };
    const part = 'Claim 50 € at www.example.com/win NOW';
    const whole = featurizer.prepare(`ÄPFEL und http://a.example/b sind da. ${part} und mehr`);
    const start = whole.text.indexOf('Claim');
    expect(every(featurizer.part(whole, start, start + part.length))).toEqual(
      every(featurizer.prepare(part)),
    );
  });
});
