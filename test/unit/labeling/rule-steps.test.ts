import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import type { LabelRow, LabelStep } from '../../../src/core/label-step.ts';
import type { RuleAnswer } from '../../../src/core/rule-report.ts';
import { planRule, type RuleStepParameters, ruleOf } from '../../../src/labeling/rules/plan-rule.ts';
import { precisionOf } from '../../../src/labeling/rules/precision.ts';
import { Reservoir } from '../../../src/labeling/rules/reservoir.ts';
import { runRule } from '../../../src/labeling/rules/run-rule.ts';
import { surveyRule } from '../../../src/labeling/rules/survey-rule.ts';
import type { PlannedEdit } from '../../../src/labeling/step-plan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { FakeLabelStore } from './fake-label-store.ts';
import { storeOf } from './stores.ts';

const row = (
  id: number,
  message: string,
  label: RowLabel | null,
  labelled_by: string | null = null,
): LabelRow => ({
  ...{ id, message, label, labelled_by },
  ...{ community: '', source: 'random', near_group: null },
});

const parameters: RuleStepParameters = {
  options: { rule: 'pattern', patterns: [{ source: 'coins', flags: 'i' }], deobfuscated: false },
  as: 'spam',
};
const rows = [
  row(1, 'free coins', null),
  row(2, 'hello', null),
  row(3, 'Coins for all', 'spam', 'anna'),
  row(5, 'two coins in the fountain', 'ham', 'step:3'),
  row(8, 'more COINS', null),
];

const stepOf = (id: number, kind: LabelStep['kind']): LabelStep => ({
  ...{ id, kind, about: '', parameters: null, by: 'anna', state: 'applied', rows: 1, position: null },
  ...{ started_at: 1, finished_at: 2, undone_at: null, undone_by: null },
});
/** Nothing takes so long that a step would have to be held again. */
const clock: Clock = {
  now: () => 0,
  elapsed: () => 0,
  sleep: (_seconds, signal) =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
};
const steps = [stepOf(3, 'rule'), stepOf(4, 'import')];

describe('a step of a rule', () => {
  it('a step of a rule labels unlabeled hits alone, whatever the size of the pages', async () => {
    const edits: PlannedEdit[] = [];
    for await (const edit of planRule(storeOf(rows), parameters).edits(7)) edits.push(edit);
    expect(edits.map(({ edit }) => edit)).toEqual([
      { kind: 'label', row: rows[0], label: 'spam' },
      { kind: 'label', row: rows[4], label: 'spam' },
    ]);
    const many = Array.from({ length: 1203 }, (_, i) => row(3 * i + 1, i % 2 === 0 ? 'coins' : 'no', null));
    let count = 0;
    for await (const _ of planRule(storeOf(many), parameters).edits(7)) count++;
    expect(count).toBe(602);
  });

  it('a step of a rule is planned again from its parameters, as JSON', async () => {
    const plan = planRule(storeOf(rows), parameters);
    const again = planRule(storeOf(rows), JSON.parse(JSON.stringify(plan.parameters)) as RuleStepParameters);
    expect(again.about).toBe('pattern coins are spam');
    expect(again.about).toBe(plan.about);
  });

  it('a survey counts rows and hits by their label, of which those of steps are no evidence, with examples and a sample of the unlabeled hits', async () => {
    const survey = await surveyRule(
      storeOf([...rows, row(9, 'old coins', 'ham', 'step:4')], steps),
      ruleOf(parameters.options),
      {
        ...{ examples: 1, sample: 10, random: () => 0 },
      },
    );
    expect(survey.rows).toEqual({ spam: 1, ham: 2, unlabeled: 3 });
    expect(survey.hits).toEqual({ spam: 1, ham: 2, unlabeled: 2 });
    expect(survey.evidence).toEqual({ spam: 1, ham: 1 });
    expect(survey.examples.unlabeled).toHaveLength(1);
    expect(survey.sample.map(({ row: { id } }) => id)).toEqual([1, 8]);
  });

  it('a survey and a step end early when they are aborted', async () => {
    const abort = new AbortController();
    abort.abort();
    const options = { examples: 1, sample: 1, random: () => 0, signal: abort.signal };
    const survey = await surveyRule(storeOf(rows), ruleOf(parameters.options), options);
    expect(survey.rows).toEqual({ spam: 0, ham: 0, unlabeled: 0 });
    for await (const _ of planRule(storeOf(rows), parameters).edits(7, abort.signal)) expect.unreachable();
  });
});

describe('a reservoir', () => {
  it('a reservoir has each item of a stream equally often', () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state / 0x80000000;
    };
    const counts = new Array<number>(20).fill(0);
    for (let round = 0; round < 4000; round++) {
      const sample = new Reservoir<number>(5, random);
      for (let item = 0; item < 20; item++) sample.add(item);
      expect(new Set(sample.items).size).toBe(5);
      for (const item of sample.items) counts[item]!++;
    }
    // 1,000 each are expected; the standard deviation is 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('the precision of a rule', () => {
  it('the precision of a rule is the share of right answers, with the interval of Wilson', () => {
    expect(precisionOf(0, 0)).toMatchObject({ estimate: null, low: 0, high: 1 });
    const { low, high, estimate } = precisionOf(8, 10);
    expect(estimate).toBe(0.8);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
    expect(precisionOf(10, 10).low).toBeCloseTo(0.7225, 4);
    expect(precisionOf(10, 10).high).toBe(1);
  });

  it('the interval of a precision is within 0 and 1, holds the estimate, and narrows with more answers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (right, more) => {
        const known = right + more - 1;
        fc.pre(known > 0);
        const { low, high, estimate } = precisionOf(right, known);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(estimate!);
        expect(high).toBeGreaterThanOrEqual(estimate!);
        const wider = precisionOf(right * 4, known * 4);
        expect(wider.high - wider.low).toBeLessThan(high - low);
      }),
    );
  });
});

describe('the check of a rule', () => {
  const runOf = async (
    answers: readonly RuleAnswer[] | null,
    change: { readonly apply?: boolean; readonly minPrecision?: number } = {},
  ) => {
    const store = new FakeLabelStore();
    for (let i = 0; i < 30; i++) store.put({ message: i % 2 === 0 ? `coins ${i}` : 'hello' });
    store.decide(store.put({ message: 'coins for anna' }), 'spam');
    const asked: number[] = [];
    const queue = [...(answers ?? [])];
    const report = await runRule(
      { store, clock, random: () => 0.999 },
      {
        ...{ parameters, apply: true, by: 'ben', examples: 2, sample: 5, ...change },
        ...{ signal: new AbortController().signal, progress: () => {} },
        ...(answers === null
          ? {}
          : {
              ask: async (hit) => {
                asked.push(hit.id);
                const answer = queue.shift() ?? 'spam';
                if (answer === 'spam' || answer === 'ham') store.decide(hit.id, answer);
                return answer;
              },
            }),
      },
    );
    const labeled = store.snapshot().filter(({ labelled_by }) => labelled_by === `step:${report.step}`);
    return { report, asked, labeled, store };
  };

  it('the check of a rule asks about a sample, and then labels the other unlabeled hits, not what people answered or were not sure of', async () => {
    const { report, asked, labeled } = await runOf(['spam', 'spam', 'unsure', 'ham', 'spam']);
    expect(asked).toHaveLength(5);
    expect(report).toMatchObject({ state: 'applied', refused: null, rows: 10 });
    expect(report.checked).toMatchObject({ right: 3, known: 4, unsure: 1, estimate: 0.75 });
    expect(labeled).toHaveLength(10);
    expect(labeled.every(({ label }) => label === 'spam')).toBe(true);
  });

  it('the check of a rule refuses it below --min-precision, when it is ended early, and when nobody was sure', async () => {
    const answers: RuleAnswer[] = ['spam', 'ham', 'ham', 'ham', 'spam'];
    const low = await runOf(answers, { minPrecision: 0.5 });
    expect(low.report).toMatchObject({ state: 'planned', step: null, checked: { estimate: 0.4 } });
    expect(low.report.refused).toContain('2 of 5 hits are spam, a share of 0.40, and --min-precision is 0.5');
    expect(low.store.made).toEqual([]);
    expect((await runOf(answers, { minPrecision: 0.4 })).report.refused).toBeNull();
    expect((await runOf(['spam', 'stop'])).report.refused).toContain('was ended');
    expect((await runOf(Array.from({ length: 5 }, () => 'unsure'))).report.refused).toContain(
      'nobody was sure',
    );
  });

  it('without a check the labels that people gave decide about --min-precision, and a dry run is never refused', async () => {
    const { report } = await runOf(null, { minPrecision: 0.9 });
    expect(report).toMatchObject({ state: 'applied', checked: null, precision: { right: 1, known: 1 } });
    const dry = await runOf(['ham', 'ham', 'ham', 'ham', 'ham'], { apply: false, minPrecision: 0.9 });
    expect(dry.report).toMatchObject({ state: 'planned', refused: null, rows: 15 });
    expect(dry.store.made).toEqual([]);
  });
});
