import { describe, expect, test } from 'vitest';
import { isForTesting, testingKey } from '../../../src/training/testing-part.ts';

describe('the key by which texts count as the same', () => {
  test('the key of duplicates ignores case, digits, punctuation, links and width', () => {
    const key = testingKey('Call 09061 now!! https://a.example/x?y=1');
    expect(testingKey('ｃａｌｌ 12345 NOW www.other.example')).toBe(key);
    expect(key).toBe('call 00000 now U');
  });

  test('the key of duplicates keeps words and spaces', () => {
    expect(testingKey('Grüße  aus Köln_1')).toBe('grüße  aus köln_0');
    expect(testingKey('?!')).toBe('');
  });
});

describe('the testing part', () => {
  test('the testing part never changes', () => {
    // Pinned: were these to change, models would have been trained on what they are tested on.
    const texts = [
      'hello',
      'win a prize',
      'see you at 8',
      'call me',
      'where are you',
      'ok',
      'free entry',
      'good night',
    ];
    expect(texts.filter((text) => isForTesting({ text }))).toEqual([
      'win a prize',
      'call me',
      'where are you',
      'good night',
    ]);
    const groups = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8'];
    expect(groups.filter((group) => isForTesting({ text: 'x', group }))).toEqual(['v2', 'v5']);
  });

  test('the testing part is about a fifth, and no group is split', () => {
    const share = Array.from({ length: 5000 }, (_, i) => isForTesting({ text: `text ${toLetters(i)}` }));
    const testing = share.filter(Boolean).length / share.length;
    expect(testing).toBeGreaterThan(0.18);
    expect(testing).toBeLessThan(0.22);
    const inGroup = Array.from({ length: 100 }, (_, i) =>
      isForTesting({ text: `${toLetters(i)}`, group: 'one' }),
    );
    expect(new Set(inGroup).size).toBe(1);
  });

  test('the testing part does not depend on what the key of duplicates ignores', () => {
    for (let i = 0; i < 200; i++) {
      const text = `some ${toLetters(i)} text 123`;
      expect(isForTesting({ text: `${text.toUpperCase()}!!`.replace('123', '987') })).toBe(
        isForTesting({ text }),
      );
    }
  });
});

function toLetters(i: number): string {
  return i.toString(36).replace(/\d/g, (d) => 'qrstuvwxyz'.charAt(Number(d)).repeat(2));
}
