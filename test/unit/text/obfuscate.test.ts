import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterKinds, wordObfuscationKinds } from '../../../src/core/obfuscation-kinds.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { locateFeatures } from '../../../src/text/locate-features.ts';
import { type ObfuscationKind, obfuscate, obfuscationKinds } from '../../../src/text/obfuscate.ts';
import { obfuscationBit, obfuscations } from '../../../src/text/obfuscation.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';
import { messageTexts } from './message-texts.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
const plain = (text: string) => featurizer.prepare(text).text;
const kinds = fc.constantFrom(...obfuscationKinds);
const isWordKind = (kind: ObfuscationKind) =>
  (wordObfuscationKinds as readonly ObfuscationKind[]).includes(kind);
/** Those that may be put on one over the other, and leave letters as they are. */
const plainKinds = fc.constantFrom(
  ...obfuscationKinds.filter(
    (kind) => !isWordKind(kind) && !(characterKinds as readonly string[]).includes(kind),
  ),
);
/** What they put on comes off whatever the words are; all but the one that puts something before the text. */
const readableKinds = fc.constantFrom(
  ...obfuscationKinds.filter((kind) => !isWordKind(kind) && kind !== 'long-front'),
);
const seeds = fc.nat();

/**
 * Words that are known, none of which another may be read as, and that two of do not make a third. Each has a letter that nothing looks
 * like: one that is of another script throughout stays what it is.
 */
const messages = fc
  .array(
    fc.constantFrom(
      'free',
      'credit',
      'prize',
      'mobile',
      'claim',
      'please',
      'answer',
      'kostenlos',
      'gewonnen',
    ),
    {
      minLength: 2,
      maxLength: 12,
    },
  )
  .map((words) => words.join(' '));

describe('obfuscating a text', () => {
  it.each<readonly [ObfuscationKind, string]>([
    ['zero-width', 'claim your prize'],
    ['nul', 'claim your prize'],
    ['bidi', 'claim your prize'],
    ['combining-marks', 'claim your prize'],
    ['full-width', 'claim your prize'],
    ['look-alikes', 'claim your prize'],
    ['spaced-letters', 'claim your prize'],
    ['dotted-letters', 'claim your prize'],
    ['leet', 'claim your prize'],
    ['filled-domains', 'see funsite.com now'],
    ...characterKinds
      .filter((kind) => kind !== 'sign-stops' && kind !== 'long-front')
      .map((kind): [ObfuscationKind, string] => [kind, 'claim your cash prize']),
    ['sign-stops', 'see funsite.com now'],
  ])(
    'obfuscation by %s changes a text that it fits, and deobfuscation reports that something was undone',
    (kind, text) => {
      const obfuscated = obfuscate(text, kind, new SeededRandom(3), 1);
      expect(obfuscated).not.toBe(text);
      const { undone } = featurizer.prepare(obfuscated);
      expect(obfuscations.filter((obfuscation) => (undone & obfuscationBit(obfuscation)) !== 0)).not.toEqual(
        [],
      );
    },
  );

  it('obfuscate gives the same text for the same random numbers, and changes nothing at a rate of zero, except letters that are always spaced', () => {
    fc.assert(
      fc.property(messageTexts, kinds, seeds, (text, kind, seed) => {
        const once = obfuscate(text, kind, new SeededRandom(seed));
        expect(obfuscate(text, kind, new SeededRandom(seed))).toBe(once);
        if (kind !== 'spaced-letters') expect(obfuscate(text, kind, new SeededRandom(seed), 0)).toBe(text);
      }),
    );
  });

  it('obfuscate leaves a text without a domain unchanged when it fills domains', () => {
    expect(obfuscate('ok.so what, e.g. this', 'filled-domains', new SeededRandom(1), 1)).toBe(
      'ok.so what, e.g. this',
    );
  });
});

describe('what was put on comes off', () => {
  it('deobfuscation restores known words, whatever the kind of obfuscation', () => {
    fc.assert(
      fc.property(messages, readableKinds, seeds, (text, kind, seed) => {
        expect(plain(obfuscate(text, kind, new SeededRandom(seed))).toLowerCase()).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('deobfuscation restores text in whichever order two kinds of obfuscation were applied', () => {
    fc.assert(
      fc.property(messages, plainKinds, plainKinds, seeds, (text, one, other, seed) => {
        const put = (first: ObfuscationKind, second: ObfuscationKind) =>
          obfuscate(obfuscate(text, first, new SeededRandom(seed)), second, new SeededRandom(seed + 1));
        expect(plain(put(one, other))).toBe(text);
        expect(plain(put(other, one))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('deobfuscation restores each word with its position in the obfuscated text', () => {
    fc.assert(
      fc.property(messages, plainKinds, seeds, (text, kind, seed) => {
        const obfuscated = obfuscate(text, kind, new SeededRandom(seed));
        const located = locateFeatures(featurizer, obfuscated).filter(({ name }) => /^[wf]:/.test(name));
        const words = text.split(' ');
        expect(located).toHaveLength(words.length);
        let end = 0;
        for (const [at, place] of located.entries()) {
          expect(place.start).toBeGreaterThanOrEqual(end);
          end = place.end;
          // What a word by itself may be no evidence of.
          expect(plain(`${obfuscated.slice(place.start, place.end)} fr33 fr\u0435e`)).toBe(
            `${words[at]} free free`,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(wordObfuscationKinds)('deobfuscation restores most words if each is changed: %s', (kind) => {
    const words =
      'subscribe channel please check video guaranteed winner prize telegram money kostenlos gewinnen'.split(
        ' ',
      );
    let read = 0;
    let changed = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = new SeededRandom(seed);
      const chosen = Array.from({ length: 6 }, () => random.pick(words));
      const text = obfuscate(chosen.join(' '), kind, random, 1);
      if (text === chosen.join(' ')) continue;
      const found = new Set(
        plain(text)
          .toLowerCase()
          .split(/[^\p{L}]+/u),
      );
      changed += chosen.length;
      read += chosen.filter((word) => found.has(word)).length;
    }
    expect(changed).toBeGreaterThan(300);
    expect(read / changed).toBeGreaterThan(0.7);
  });
});
