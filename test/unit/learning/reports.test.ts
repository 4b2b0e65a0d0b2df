import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportWeights } from '../../../src/learning/report-weights.ts';
import { assembled, limits, source, texts } from './assembled.ts';

const trained = texts(40, false);
const [forTesting] = texts(1, true) as [string];
const labels = source(
  'training',
  trained.slice(0, 20).map((text, at) => ({ text, label: at % 2 === 0 ? 'spam' : 'ham' })),
);
const report = (text: string, ...reporters: string[]) => ({
  ...{ text, community: 'forum', at: Date.UTC(2026, 9, 2), reporters },
});
const reported = (...rows: ReturnType<typeof report>[]) => rows.map((row, at) => ({ ...row, id: at + 1 }));

describe('reports that nobody decided', () => {
  it('a reported message is spam with the weight of its reports, bounded for the message', async () => {
    const some = { ...limits, reports: { ...limits.reports, mostShare: 1 } };
    const { training, data } = await assembled([labels], {
      limits: some,
      reports: reported(report(trained[20]!, 'a'), report(trained[21]!, 'a', 'b', 'c')),
    });
    expect(training.slice(-2)).toEqual([
      { text: trained[20], label: 'spam', source: 'reports', weight: 0.05 },
      { text: trained[21], label: 'spam', source: 'reports', weight: 0.1 },
    ]);
    expect(data.sources.at(-1)).toMatchObject({
      ...{ name: 'reports', kind: 'reports', read: 2, training: { spam: 2, ham: 0 }, rows: [[1, 2]] },
    });
  });

  it('what is near to a label is left out, and so is what is for testing: no report overrules ham', async () => {
    const long = `${trained[1]} with many more words behind it so that a word more makes no difference`;
    const ham = source('training', [
      { text: long, label: 'ham' },
      { text: trained[0]!, label: 'spam' },
    ]);
    const { training, heldOut, data } = await assembled(
      [ham, source('messages', [{ text: trained[3]!, label: 'ham' }])],
      {
        reports: reported(
          report(`${long} now`, 'a'),
          report(trained[3]!.toUpperCase(), 'a'),
          report(trained[0]!, 'b'),
          report(forTesting, 'b'),
        ),
      },
    );
    expect(training.filter(({ source }) => source === 'reports')).toEqual([]);
    expect([...training, ...heldOut].find(({ text }) => text === long)).toMatchObject({ label: 'ham' });
    expect(data.sources.at(-1)!.leftOut).toEqual({ 'ham-evidence': 2, decided: 1, 'for-testing': 1 });
  });

  it('what is labeled gives the same lines, whatever is reported', async () => {
    const without = await assembled([labels]);
    const { training, heldOut } = await assembled([labels], {
      reports: reported(...trained.map((text) => report(`${text} again`, 'a', 'b'))),
    });
    expect(training.filter(({ source: of }) => of !== 'reports')).toEqual(without.training);
    expect(heldOut).toEqual(without.heldOut);
  });

  it('reports without a weight are left out', async () => {
    const none = { ...limits, reports: { ...limits.reports, weight: 0 } };
    const { data } = await assembled([labels], {
      limits: none,
      reports: reported(report(trained[20]!, 'a')),
    });
    expect(data.sources.at(-1)!.leftOut).toEqual({ 'too-few-reports': 1 });
  });

  it('near-duplicates are one message that all of their reporters reported, each of them once', async () => {
    const text = `${trained[20]} with many more words behind it so that a word more makes no difference`;
    const { training, data } = await assembled([labels], {
      limits: { ...limits, reports: { ...limits.reports, mostPerMessage: 1, mostShare: 1 } },
      reports: reported(report(text, 'a'), report(`${text} now`, 'a', 'b'), report(`${text} then`, 'c')),
    });
    expect(training.at(-1)).toMatchObject({ text, source: 'reports' });
    expect(training.at(-1)!.weight).toBeCloseTo(0.15);
    expect(data.sources.at(-1)!.leftOut).toEqual({ 'near-duplicate': 2 });
  });

  it('a message counts from one whole report, and from a share of all who ever reported', () => {
    const weightsOf = (reportsOf: readonly number[], everybody: number, ...people: readonly number[][]) =>
      reportWeights({ reporters: people, reportsOf, everybody, labeled: 1000 }, limits.reports);
    expect(weightsOf([1, 10, 11], 3, [0], [1], [2], [2, 1])).toEqual(
      [0.05, 0.05, 0, 0.1].map((each) => expect.closeTo(each)),
    );
    expect(weightsOf([1, 1, 1], 1000, [0], [0, 1], [0, 1, 2])).toEqual([0, 0, 0.1]);
    expect(weightsOf([1, 1, 1], 960, [0], [0, 1], [0, 1, 2])).toEqual([0, 0, 0.1]);
  });

  it('no reporter, no message and no crowd counts for more than its bound', () => {
    const bound = fc.double({ min: 0, max: 1, noNaN: true });
    const given = fc.record({
      ...{
        weight: bound,
        mostPerReporter: bound,
        mostPerMessage: bound,
        mostShare: bound,
        leastShare: bound,
      },
    });
    const messages = fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 6 }), { maxLength: 30 });
    fc.assert(
      fc.property(messages, given, fc.double({ min: 0, max: 100, noNaN: true }), (all, some, labeled) => {
        const reportsOf = Array.from(
          { length: 6 },
          (_, person) => all.filter((each) => each.includes(person)).length,
        );
        const weigh = (reporters: readonly number[][]) =>
          reportWeights({ reporters, reportsOf, everybody: 6, labeled }, some);
        const within = (value: number, most: number) => expect(value).toBeLessThanOrEqual(most + 1e-9);
        const sumOf = (weights: readonly number[]) => weights.reduce((sum, each) => sum + each, 0);
        for (const each of weigh(all)) within(each, some.mostPerMessage);
        within(sumOf(weigh(all)), some.mostShare * labeled);
        for (let person = 0; person < 6; person++)
          within(
            sumOf(weigh(all.filter((each) => each.length === 1 && each[0] === person))),
            some.mostPerReporter,
          );
      }),
    );
  });
});
