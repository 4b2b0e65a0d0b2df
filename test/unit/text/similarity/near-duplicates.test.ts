import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearDuplicateGroups } from '../../../../src/text/similarity/near-duplicate-groups.ts';
import {
  isNearDuplicate,
  jaccard,
  shinglesOf,
  signatureOf,
} from '../../../../src/text/similarity/near-duplicates.ts';

const parcel =
  'Your parcel is waiting at our depot since Monday, please confirm the delivery address and pay the customs fee today';
const evening =
  'Ich komme heute etwas später nach Hause, die Bahn steht wieder einmal kurz vor dem Bahnhof und keiner weiß warum';
const words = parcel.split(' ');
const texts = fc
  .array(fc.constantFrom(...words, ...evening.split(' ')), { minLength: 1, maxLength: 25 })
  .map((list) => list.join(' '));
const variants = fc
  .array(
    fc.tuple(fc.nat(words.length - 1), fc.constantFrom('', 'blue', 'soon', 'office')).map(([at, word]) =>
      words
        .map((each, i) => (i === at ? word : each))
        .filter(Boolean)
        .join(' '),
    ),
    { minLength: 2, maxLength: 12 },
  )
  .map((list) => [...list, evening, 'ok', '🎉🎉']);

function groupsOf(messages: readonly (readonly [string, string])[]): readonly (readonly string[])[] {
  const groups = new NearDuplicateGroups();
  for (const [id, text] of messages) groups.add(id, text);
  return groups.groups();
}

describe('near-duplicates', () => {
  it('near-duplicates are symmetric, and a message with a visible character is a near-duplicate of itself', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(isNearDuplicate(a, b)).toBe(isNearDuplicate(b, a));
        expect(isNearDuplicate(a, a)).toBe(true);
      }),
    );
    expect(isNearDuplicate('🎉🎉', '🎉🎉')).toBe(true);
    expect(isNearDuplicate(' ', ' ')).toBe(false);
  });

  it('a message with one changed stretch of 5 % of its characters is a near-duplicate', () => {
    const length = Math.round(parcel.length / 20);
    for (let at = 0; at + length <= parcel.length; at++) {
      const changed = parcel.slice(0, at) + 'q'.repeat(length) + parcel.slice(at + length);
      expect(isNearDuplicate(parcel, changed)).toBe(true);
    }
  });

  it('a message that differs in case, digits, punctuation or look-alikes is a near-duplicate', () => {
    expect(isNearDuplicate(parcel, parcel.toUpperCase().replaceAll(',', '!!'))).toBe(true);
    expect(isNearDuplicate('Your code for the bank is 118 904', 'Your code for the bank is 220 981')).toBe(
      true,
    );
    expect(isNearDuplicate(parcel, parcel.replace('parcel', 'pаrcеl').replace('customs', 'сustоms'))).toBe(
      true,
    );
  });

  it('two unrelated messages are not near-duplicates', () => {
    expect(isNearDuplicate(parcel, evening)).toBe(false);
    expect(isNearDuplicate('Good morning everyone', 'Good evening all of you')).toBe(false);
  });

  it('the Jaccard index of two texts is the share of 4-grams that both have', () => {
    expect(jaccard(shinglesOf('abcdef'), shinglesOf('abcdeg'))).toBeCloseTo(2 / 4, 12);
    expect(jaccard(shinglesOf('abc'), shinglesOf('abc'))).toBe(1);
  });

  it('the MinHash bands of a text change only with the version', () => {
    expect(signatureOf('Hello World, hello')).toMatchInlineSnapshot(`
      {
        "bands": [
          2780031088,
          2690165183,
          1656158,
          2919127240,
          3122416634,
          1602819303,
          2017506430,
          1974579163,
        ],
        "version": "similarity-1",
      }
    `);
    expect(signatureOf('hello   WORLD hello')).toEqual(signatureOf('Hello World, hello'));
    expect(signatureOf('').bands).toEqual([]);
  });

  it('more than 98 % of the pairs with a Jaccard index of at least 0.8 share a MinHash band', () => {
    let pairs = 0;
    let found = 0;
    for (let i = 0; i < words.length; i++)
      for (const word of ['blue', 'office', 'yesterday', 'soon', 'river']) {
        const changed = words.map((each, at) => (at === i ? `${word}${i}` : each)).join(' ');
        if (!isNearDuplicate(parcel, changed)) continue;
        pairs++;
        const { bands } = signatureOf(changed);
        if (signatureOf(parcel).bands.some((band) => bands.includes(band))) found++;
      }
    expect(pairs).toBeGreaterThan(80);
    expect(found / pairs).toBeGreaterThan(0.98);
  });
});

describe('groups of near-duplicates', () => {
  it('groups of near-duplicates do not depend on the order of the messages, and adding one again changes nothing', () => {
    fc.assert(
      fc.property(
        variants.chain((list) => {
          const messages = list.map((text, i) => [String(i).padStart(2, '0'), text] as const);
          return fc.tuple(
            fc.constant(messages),
            fc.shuffledSubarray(messages, { minLength: messages.length, maxLength: messages.length }),
          );
        }),
        ([messages, shuffled]) => {
          const groups = groupsOf(messages);
          expect(groupsOf(shuffled)).toEqual(groups);
          expect(groupsOf([...shuffled, ...messages])).toEqual(groups);
        },
      ),
    );
  });

  it('a chain of near-duplicates is one group, and others stay apart', () => {
    const changed = parcel.replace('Monday', 'Friday');
    const twice = changed.replace('delivery', 'home');
    expect(
      groupsOf([
        ['c', twice],
        ['x', evening],
        ['a', parcel],
        ['b', changed],
        ['d', parcel.toUpperCase()],
      ]),
    ).toEqual([['a', 'b', 'c', 'd'], ['x']]);
  });
});
