import { describe, expect, it } from 'vitest';
import type { GateCheck, GateReport } from '../../../src/core/gate-report.ts';
import { decideGate } from '../../../src/learning/gates/decide-gate.ts';
import { better, comparisonOf, documentSettings, scoresOf, soundSettings } from './gate-examples.ts';

const check = ({ checks }: GateReport, name: string): GateCheck => {
  const found = checks.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no check ${name} among ${checks.map((each) => each.name)}`);
  return found;
};

describe('gate document', () => {
  it('promotes a challenger that is lower in no rate, and one that is equal', () => {
    const report = decideGate(comparisonOf(better), documentSettings);
    expect(report).toMatchObject({ gate: 'document', promoted: true, needed: null });
    expect(report.checks.map(({ name }) => name)).toEqual(['truePositiveRate.all', 'falsePositiveRate.all']);
    const equal = [...scoresOf('spam', { both: 3, neither: 1 }), ...scoresOf('ham', { neither: 5 })];
    expect(decideGate(comparisonOf(equal), documentSettings).promoted).toBe(true);
  });

  it('refuses one message of spam less, and one false accusation more', () => {
    const spamLost = [...scoresOf('spam', { both: 10, championOnly: 1 }), ...scoresOf('ham', { neither: 9 })];
    const hamAccused = [...scoresOf('spam', { both: 10 }), ...scoresOf('ham', { challengerOnly: 1 })];
    const lost = decideGate(comparisonOf(spamLost), documentSettings);
    expect(lost.promoted).toBe(false);
    expect(check(lost, 'truePositiveRate.all').passed).toBe(false);
    expect(check(lost, 'falsePositiveRate.all').passed).toBe(true);
    const accused = decideGate(comparisonOf(hamAccused), documentSettings);
    expect(check(accused, 'falsePositiveRate.all').passed).toBe(false);
    expect(accused.why).toContain('1 of 2 checks are not passed: falsePositiveRate.all');
  });

  it('takes only what is above rejectMax for spam', () => {
    const atLimit = { ...scoresOf('spam', { both: 1 })[0]!, champion: 0.71, challenger: 0.7 };
    const report = decideGate(comparisonOf([atLimit, ...scoresOf('ham', { neither: 1 })]), documentSettings);
    expect(check(report, 'truePositiveRate.all').passed).toBe(false);
    expect(report.rates.all.champion).toMatchObject({ truePositiveRate: 1 });
    expect(report.rates.all.challenger).toMatchObject({ truePositiveRate: 0 });
  });

  it('answers no where a class is missing, and says which', () => {
    const report = decideGate(comparisonOf(scoresOf('ham', { neither: 10 })), documentSettings);
    expect(report).toMatchObject({ promoted: false, needed: { spam: 1, ham: 10 } });
    expect(check(report, 'truePositiveRate.all').passed).toBeNull();
    expect(report.why).toContain('too few');
  });
});

describe('a first model', () => {
  it.each([documentSettings, soundSettings])('is promoted at once by gate $kind', (settings) => {
    const comparison = { ...comparisonOf(scoresOf('spam', { neither: 3 })), champion: null };
    expect(decideGate(comparison, settings)).toMatchObject({
      champion: null,
      promoted: true,
      checks: [],
      rates: { all: { champion: null, challenger: { spam: 3, truePositiveRate: 0 } } },
    });
  });
});

describe('gate sound', () => {
  it('promotes a challenger that finds half of the missed spam, by checks on all, old and new messages', () => {
    const report = decideGate(comparisonOf(better), soundSettings);
    expect(report.checks.map(({ name }) => name)).toEqual([
      ...['truePositiveRate.all', 'falsePositiveRate.all', 'cost.all'],
      ...['truePositiveRate.old', 'falsePositiveRate.old', 'cost.old'],
      ...['truePositiveRate.new', 'falsePositiveRate.new', 'cost.new'],
    ]);
    expect(report).toMatchObject({ promoted: true, needed: null, why: 'All 9 checks are passed.' });
    expect(report.rates.new).toEqual({
      champion: { spam: 1000, ham: 2000, truePositiveRate: 0.9, falsePositiveRate: 0.001 },
      challenger: { spam: 1000, ham: 2000, truePositiveRate: 0.95, falsePositiveRate: 0.001 },
    });
  });

  it('refuses a challenger that is equal: nothing is gained', () => {
    const equal = better.map((score) => ({ ...score, challenger: score.champion }));
    const report = decideGate(comparisonOf(equal), soundSettings);
    expect(report.promoted).toBe(false);
    expect(report.checks.filter(({ passed }) => passed !== true).map(({ name }) => name)).toEqual([
      'cost.all',
    ]);
  });

  it('refuses more false accusations than the margin allows, however much spam is found', () => {
    // 1 % of the ham more, where a half is the margin.
    const scores = (['old', 'new'] as const).flatMap((part) => [
      ...scoresOf('spam', { both: 500, challengerOnly: 500 }, part),
      ...scoresOf('ham', { challengerOnly: 20, neither: 1980 }, part),
    ]);
    const report = decideGate(comparisonOf(scores), soundSettings);
    expect(check(report, 'cost.all').passed).toBe(true);
    expect(check(report, 'falsePositiveRate.all').passed).toBe(false);
    expect(report.promoted).toBe(false);
  });

  it('refuses less spam found than the margin allows, however many accusations are spared', () => {
    const scores = (['old', 'new'] as const).flatMap((part) => [
      ...scoresOf('spam', { both: 900, championOnly: 50, neither: 50 }, part),
      ...scoresOf('ham', { championOnly: 200, neither: 1800 }, part),
    ]);
    const report = decideGate(comparisonOf(scores), soundSettings);
    expect(check(report, 'cost.all').passed).toBe(true);
    expect(check(report, 'truePositiveRate.all').passed).toBe(false);
  });

  it('refuses a challenger that is worse on the old messages, or on the new ones, and better over all', () => {
    for (const [worse, other] of [
      ['old', 'new'],
      ['new', 'old'],
    ] as const) {
      const scores = [
        ...scoresOf('spam', { both: 800, championOnly: 60, neither: 40 }, worse),
        ...scoresOf('spam', { both: 700, challengerOnly: 200, neither: 50 }, other),
        ...scoresOf('ham', { neither: 2000 }, worse),
        ...scoresOf('ham', { neither: 2000 }, other),
      ];
      const report = decideGate(comparisonOf(scores), soundSettings);
      expect(check(report, 'truePositiveRate.all').passed).toBe(true);
      expect(check(report, `truePositiveRate.${worse}`).passed).toBe(false);
      expect(check(report, `cost.${worse}`).passed).toBe(false);
      expect(report.promoted).toBe(false);
    }
  });

  it('refuses a challenger that accuses more within one language, and asks about none with few messages', () => {
    const german = scoresOf('ham', { challengerOnly: 12, neither: 388 }, 'new', 'de');
    const french = scoresOf('ham', { challengerOnly: 5, neither: 100 }, 'new', 'fr');
    const scores = [
      ...better,
      ...scoresOf('ham', { neither: 6000 }),
      ...scoresOf('spam', { challengerOnly: 100 }),
      ...german,
      ...french,
    ];
    const report = decideGate(comparisonOf(scores), soundSettings);
    expect(check(report, 'falsePositiveRate.all').passed).toBe(true);
    expect(check(report, 'falsePositiveRate.language.de').passed).toBe(false);
    expect(report.checks.map(({ name }) => name).filter((name) => name.includes('language'))).toEqual([
      'falsePositiveRate.language.de',
      ...['truePositiveRate.language.en', 'falsePositiveRate.language.en'],
    ]);
  });

  it('refuses a fall of recall of more than two points under any obfuscation; two points are allowed', () => {
    const recall = (championOnly: number, spam = 1000) => ({
      ...{ obfuscation: 'leet', spam, both: spam - championOnly, championOnly, challengerOnly: 0 },
    });
    const of = (...obfuscated: Parameters<typeof comparisonOf>[1] & object) =>
      decideGate(comparisonOf(better, obfuscated), soundSettings);
    expect(of(recall(20)).promoted).toBe(true);
    expect(check(of(recall(21)), 'recall.leet').passed).toBe(false);
    expect(of(recall(21)).promoted).toBe(false);
    // Of fewer messages than 100 one cannot say it.
    expect(of(recall(9, 99)).promoted).toBe(true);
  });

  it('answers no with few messages, says so, and says how many are enough', () => {
    const few = [
      ...scoresOf('spam', { both: 36, challengerOnly: 2, neither: 2 }),
      ...scoresOf('ham', { neither: 60 }),
    ];
    const report = decideGate(comparisonOf(few), soundSettings);
    expect(report.promoted).toBe(false);
    expect(check(report, 'falsePositiveRate.all').passed).toBeNull();
    expect(report.needed!.spam).toBeGreaterThan(40);
    expect(report.needed!.ham).toBeGreaterThan(500);
    expect(report.why).toContain(
      `about ${report.needed!.spam} spam and ${report.needed!.ham} ham would be enough`,
    );
    const none = decideGate(comparisonOf([]), soundSettings);
    expect(none.promoted).toBe(false);
    expect(none.needed!.spam).toBeGreaterThan(100);
  });

  it('says that a challenger is worse where that is shown, also by few messages', () => {
    const few = [
      ...scoresOf('spam', { both: 20, championOnly: 20 }),
      ...scoresOf('ham', { challengerOnly: 10, neither: 50 }),
    ];
    const report = decideGate(comparisonOf(few), soundSettings);
    expect(report.checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['truePositiveRate.all', false],
      ['falsePositiveRate.all', false],
      ['cost.all', false],
    ]);
    expect(report.needed).toBeNull();
  });

  it('with as many messages as it said are enough, and the same rates, answers yes', () => {
    const few = (factor: number) =>
      (['old', 'new'] as const).flatMap((part) => [
        ...scoresOf('spam', { both: 80 * factor, challengerOnly: 5 * factor, neither: 5 * factor }, part),
        ...scoresOf('ham', { both: 0, neither: 150 * factor }, part),
      ]);
    const report = decideGate(comparisonOf(few(1)), soundSettings);
    expect(report.promoted).toBe(false);
    const factor = Math.ceil(Math.max(report.needed!.spam / 180, report.needed!.ham / 300));
    expect(factor).toBeGreaterThan(1);
    expect(factor).toBeLessThan(20);
    expect(decideGate(comparisonOf(few(factor)), soundSettings).promoted).toBe(true);
  });
});
