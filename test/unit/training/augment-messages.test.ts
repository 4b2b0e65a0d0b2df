import { describe, expect, it } from 'vitest';
import { augmentMessages } from '../../../src/training/augment-messages.ts';
import type { CollectedMessage } from '../../../src/training/collect-messages.ts';

function message(at: number): CollectedMessage {
  const spam = at % 3 === 0;
  return {
    origin: `row ${at}`,
    text: spam ? `win a prize number ${at} now` : `see you at lunch with person ${at} tomorrow`,
    label: spam ? 'spam' : 'ham',
    language: 'en',
    source: at % 2,
    forTesting: at % 5 === 0,
    weight: 2,
    ...(at % 7 === 0 ? { group: `group ${at}` } : {}),
  };
}

const collected = {
  sources: ['a', 'b'],
  messages: Array.from({ length: 600 }, (_, at) => message(at)),
  duplicates: 0,
};

describe('copies of messages for training', () => {
  const { collected: grouped, augmented } = augmentMessages(collected, 1);

  it('copies of messages for training are made of messages of both classes, and of none in the testing part', () => {
    expect(augmented.some(({ label }) => label === 'spam')).toBe(true);
    expect(augmented.some(({ label }) => label === 'ham')).toBe(true);
    expect(augmented.filter(({ forTesting }) => forTesting)).toEqual([]);
  });

  it('copies of messages for training have the label, source, group and half the weight of their original', () => {
    for (const copy of augmented) {
      const original = grouped.messages.find(({ origin }) => origin === copy.origin)!;
      expect(copy.text).toContain(original.text);
      expect(copy.text).not.toBe(original.text);
      expect(copy).toMatchObject({
        label: original.label,
        source: original.source,
        group: original.group,
        weight: 1,
      });
    }
  });

  it('copies of messages for training do not change the originals, except for giving each a group', () => {
    expect(grouped.messages.map(({ group: _, ...rest }) => rest)).toEqual(
      collected.messages.map(({ group: _, ...rest }) => rest),
    );
    expect(new Set(grouped.messages.map(({ group }) => group)).size).toBe(600);
    for (const [at, { group }] of collected.messages.entries())
      if (group !== undefined) expect(grouped.messages[at]!.group).toBe(group);
  });

  it('copies of messages for training pad spam with words of ham, and never ham with words of spam', () => {
    const spam = augmented.filter(({ label }) => label === 'spam');
    expect(spam.some(({ text }) => text.includes('lunch'))).toBe(true);
    expect(augmented.filter(({ label, text }) => label === 'ham' && text.includes('prize'))).toEqual([]);
  });

  it('copies of messages for training are the same for the same seed, and different for another', () => {
    expect(augmentMessages(collected, 1).augmented).toEqual(augmented);
    expect(augmentMessages(collected, 2).augmented).not.toEqual(augmented);
  });
});
