import { describe, expect, test } from 'vitest';
import type { LabelledMessage, LabelledMessages } from '../../../src/ports/labelled-messages.ts';
import { collectMessages } from '../../../src/training/collect-messages.ts';

type Short = readonly [label: 'spam' | 'ham', text: string, language?: string];

function dataSet(name: string, messages: readonly Short[]): LabelledMessages {
  return {
    name,
    async *read(): AsyncIterable<LabelledMessage> {
      for (const [label, text, language] of messages)
        yield { origin: name, label, text, ...(language === undefined ? {} : { language }) };
    },
  };
}

describe('collecting labeled messages', () => {
  test('collecting labeled messages keeps the first of several duplicates, across data sets', async () => {
    const { messages, duplicates, sources } = await collectMessages([
      dataSet('a', [
        ['spam', 'Win 100'],
        ['ham', 'hello'],
      ]),
      dataSet('b', [
        ['ham', 'WIN 999!'],
        ['ham', 'bye'],
      ]),
    ]);
    expect(messages.map(({ text, label, source }) => [text, label, source])).toEqual([
      ['Win 100', 'spam', 0],
      ['hello', 'ham', 0],
      ['bye', 'ham', 1],
    ]);
    expect(duplicates).toBe(1);
    expect(sources).toEqual(['a', 'b']);
  });

  test('collecting labeled messages gives the messages of a weighted data set that weight', async () => {
    const heavy = dataSet('a', [
      ['spam', 'Win 100'],
      ['ham', 'hello'],
    ]);
    const light = { ...dataSet('b', [['ham', 'bye']]), weight: 0.25 };
    const { messages } = await collectMessages([heavy, light]);
    expect(messages.map(({ text, weight }) => [text, weight])).toEqual([
      ['Win 100', 1],
      ['hello', 1],
      ['bye', 0.25],
    ]);
  });

  test('collecting labeled messages refuses data with only one class', async () => {
    await expect(collectMessages([dataSet('a', [['ham', 'x']])])).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining('none of them is spam'),
    });
  });

  test('collecting labeled messages weights them so that the language does not predict the label within a data set', async () => {
    const rows: Short[] = [];
    const add = (count: number, label: 'spam' | 'ham', language: string) => {
      for (let i = 0; i < count; i++)
        rows.push([label, `${label} ${language} ${'x'.repeat(i + 1)}`, language]);
    };
    add(30, 'spam', 'ru');
    add(20, 'ham', 'ru');
    add(10, 'spam', 'en');
    add(20, 'ham', 'en');
    const { messages } = await collectMessages([dataSet('a', rows), dataSet('b', [['ham', 'alone']])]);
    const total = (label: string, language: string) =>
      messages
        .filter((m) => m.label === label && m.language === language && m.source === 0)
        .reduce((sum, m) => sum + m.weight, 0);
    expect(total('spam', 'ru') / total('ham', 'ru')).toBeCloseTo(1, 10);
    expect(total('spam', 'en') / total('ham', 'en')).toBeCloseTo(1, 10);
    expect(total('spam', 'ru') + total('ham', 'ru')).toBeCloseTo(50, 10);
    expect(messages.at(-1)!.weight).toBe(1);
  });
});
