import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import type { LabelRow } from '../../../src/core/label-step.ts';
import { planRule, type RuleStepParameters, ruleOf } from '../../../src/labeling/rules/plan-rule.ts';
import { precisionOf } from '../../../src/labeling/rules/precision.ts';
import { Reservoir } from '../../../src/labeling/rules/reservoir.ts';
import { surveyRule } from '../../../src/labeling/rules/survey-rule.ts';
import type { PlannedEdit } from '../../../src/labeling/step-plan.ts';
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

  it('a survey counts rows and hits by their label, with examples and a sample of the unlabeled hits', async () => {
    const survey = await surveyRule(storeOf(rows), ruleOf(parameters.options), {
      ...{ examples: 1, sample: 10, random: () => 0 },
    });
    expect(survey.rows).toEqual({ spam: 1, ham: 1, unlabeled: 3 });
    expect(survey.hits).toEqual({ spam: 1, ham: 1, unlabeled: 2 });
    expect(survey.examples.unlabeled).toHaveLength(1);
    expect(survey.sample.map(({ row: { id } }) => id)).toEqual([1, 8]);
  });

  it('a survey ends when it is aborted', async () => {
    const abort = new AbortController();
    abort.abort();
    const options = { examples: 1, sample: 1, random: () => 0, signal: abort.signal };
    await expect(surveyRule(storeOf(rows), ruleOf(parameters.options), options)).rejects.toThrow('abort');
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
