import { describe, expect, it } from 'vitest';
import { TrafficTally } from '../../../workers/traffic-tally.ts';

describe('what a batch looks like', () => {
  it('words, those that are not known, and languages are added up until the next batch begins', () => {
    const tally = new TrafficTally();
    tally.add({ words: 10, known: 7 }, 'en');
    tally.add({ words: 5, known: 5 }, 'en');
    tally.add({ words: 2, known: 0 }, '');
    expect(tally.statistics).toEqual({ features: { all: 17, unknown: 5 }, languages: { en: 2, '': 1 } });
    tally.begin();
    expect(tally.statistics).toEqual({ features: { all: 0, unknown: 0 }, languages: {} });
  });

  it('a tag counts to its primary subtag, however it is written, and one that is no tag to others', () => {
    const tally = new TrafficTally();
    for (const tag of ['de', 'de-AT', 'DE_ch', 'a-long-text', 'abcdefghi', '__proto__'])
      tally.add({ words: 1, known: 1 }, tag);
    expect(tally.statistics.languages).toEqual({ de: 3, a: 1, other: 1, '': 1 });
  });

  it('a sender who invents languages gets no more than 33', () => {
    const tally = new TrafficTally();
    for (let at = 0; at < 1000; at++) tally.add({ words: 1, known: 1 }, `x${at}`);
    const { languages } = tally.statistics;
    expect(Object.keys(languages).length).toBeLessThanOrEqual(33);
    expect(languages.other).toBe(1000 - 32);
  });
});
