import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWithTruth } from '../../../src/labeling/compare-with-truth.ts';
import { AgreementCounts, TruthIndex } from '../../../src/labeling/truth-index.ts';
import type { Dump } from '../../../src/ports/dump.ts';
import { FakeLabelStore } from './fake-label-store.ts';

type Labeled = readonly [text: string, label: string];

const fileOf = (rows: readonly Labeled[]): Dump => ({
  ...{ name: 'truth.csv', identity: {}, columns: ['text', 'label'] },
  records: async function* (columns) {
    const at = columns.map((name) => ['text', 'label'].indexOf(name));
    yield {
      records: rows.map((row, index) => ({ position: index + 2, values: at.map((one) => row[one]) })),
      share: 1,
    };
  },
});

describe('the comparison of labels with a labeled file', () => {
  it('the comparison counts by text, by who labeled, and what one of both does not have', async () => {
    const store = new FakeLabelStore();
    const step = await store.begin({ kind: 'rule', about: '', parameters: {}, by: 'anna' });
    const put = (message: string, label: 'spam' | 'ham' | null, labelled_by: string | null = null) =>
      store.put({ message, label, labelled_by });
    put('a', 'spam', 'anna');
    put('b', 'ham', 'anna');
    put('c', 'spam', `step:${step.id}`);
    put('d', 'ham', `step:${step.id}`);
    put('d', 'ham', 'step:99');
    put('e', null);
    put('f', null);
    put('both', 'spam');
    put('elsewhere', 'spam');
    const truth: Labeled[] = [
      ...[
        ['a', 'spam'],
        ['a', 'spam'],
        ['b', 'ham'],
        ['c', 'ham'],
        ['d', '1'],
        ['e', 'spam'],
        ['f', '0'],
      ],
      ...[
        ['both', 'spam'],
        ['both', 'ham'],
        ['never imported', 'spam'],
        ['no label', ''],
        ['', 'spam'],
      ],
    ] as [string, string][];
    expect(await compareWithTruth(store, fileOf(truth), {})).toEqual({
      ...{
        file: 'truth.csv',
        rows: 10,
        texts: 8,
        contradictory: 1,
        missing: 1,
        unknown: 1,
        unlabeled: { spam: 1, ham: 1 },
      },
      ...{ true_spam: 1, false_spam: 1, false_ham: 2, true_ham: 1, precision: 1 / 2, recall: 1 / 3 },
      mcc: expect.closeTo((1 * 1 - 1 * 2) / Math.sqrt(2 * 3 * 2 * 3), 12),
      by: {
        person: { true_spam: 1, false_spam: 0, false_ham: 0, true_ham: 1, precision: 1, recall: 1, mcc: 1 },
        rule: { true_spam: 0, false_spam: 1, false_ham: 1, true_ham: 0, precision: 0, recall: 0, mcc: -1 },
        unknown: {
          true_spam: 0,
          false_spam: 0,
          false_ham: 1,
          true_ham: 0,
          precision: null,
          recall: 0,
          mcc: null,
        },
      },
    });
  });

  it('the index of a labeled file answers as a map of its texts would', () => {
    const rows = fc.array(
      fc.tuple(fc.constantFrom(...'abcdefghijklmnop'), fc.constantFrom('spam' as const, 'ham' as const)),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(rows, (all) => {
        const index = new TruthIndex();
        const map = new Map<string, Set<string>>();
        for (const [text, label] of all) {
          index.add(text, label);
          map.set(text, (map.get(text) ?? new Set()).add(label));
        }
        for (const text of 'abcdefgh') {
          const labels = map.get(text);
          expect(index.ask(text)).toBe(
            labels === undefined ? undefined : labels.size === 2 ? 'contradictory' : [...labels][0],
          );
        }
        const contradictory = [...map.values()].filter((labels) => labels.size === 2).length;
        const missing = [...map.keys()].filter((text) => text > 'h').length;
        expect(index.counts()).toEqual({ texts: map.size, contradictory, missing });
      }),
    );
  });

  it('the index of a labeled file grows with it', () => {
    const index = new TruthIndex();
    for (let row = 0; row < 5000; row++) index.add(`text ${row}`, row % 2 === 0 ? 'spam' : 'ham');
    expect(['text 0', 'text 4999', 'text 5000'].map((text) => index.ask(text))).toEqual([
      'spam',
      'ham',
      undefined,
    ]);
    expect(index.counts()).toEqual({ texts: 5000, contradictory: 0, missing: 4998 });
  });

  it('a correlation of millions of rows is as exact as one of few', () => {
    const counts = new AgreementCounts();
    counts.add('spam', 'spam');
    counts.add('ham', 'ham');
    expect(counts.agreement().mcc).toBe(1);
    expect(new AgreementCounts().agreement()).toMatchObject({ precision: null, recall: null, mcc: null });
  });
});
