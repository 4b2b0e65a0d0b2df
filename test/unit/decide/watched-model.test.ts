import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noGuardCounts } from '../../../src/core/guard-counts.ts';
import type { VerdictName } from '../../../src/core/verdict.ts';
import { departureOf } from '../../../src/decide/departure.ts';
import { WatchedModel } from '../../../src/decide/watched-model.ts';
import { scoredBatch } from './simulated-models.ts';

const rule = { spamBeyond: 0.01, reviewBeyond: 0.03, falseAlarms: 0.001, messages: 1000 };
const verdict = fc.constantFrom<VerdictName>('ham', 'review', 'spam');
const many = (count: number, of: VerdictName) => Array<VerdictName>(count).fill(of);

describe('WatchedModel', () => {
  it('while a model is watched, spam that the model before does not call spam is review and keeps its probability, and all else stays', () => {
    const model = new WatchedModel('v', 'watching');
    const { batch, held } = model.guard(
      scoredBatch('v', ['spam', 'spam', 'review', 'ham', 'spam']),
      scoredBatch('u', ['spam', 'ham', 'ham', 'spam', 'review']),
      rule,
    );
    expect(held).toBe(2);
    expect(
      batch.scored.map(({ index, verdict, probability, reasons }) => [index, verdict, probability, reasons]),
    ).toEqual([
      [0, 'spam', 0.9, ['w:free']],
      [1, 'review', 0.9, ['guard:held', 'w:free']],
      [2, 'review', 0.6, ['w:free']],
      [4, 'review', 0.9, ['guard:held', 'w:free']],
    ]);
    expect(batch.statistics).toMatchObject({ ham: 1, review: 3, spam: 1 });
    expect(model.counts).toEqual({ messages: 5, spamMore: 2, spamFewer: 1, reviewMore: 1, reviewFewer: 1 });
  });

  it('a model that trips in the middle of a batch has all its spam behind that message held back', () => {
    const model = new WatchedModel('v', 'watching');
    const { batch } = model.guard(
      scoredBatch('v', [...many(50, 'spam'), ...many(50, 'spam')]),
      scoredBatch('u', [...many(50, 'ham'), ...many(50, 'spam')]),
      rule,
    );
    expect(model.state).toBe('tripped');
    expect(model.departure).toEqual({ verdict: 'spam', direction: 'more' });
    expect(batch.statistics).toMatchObject({ spam: 0, review: 100 });
  });

  it('all spam of a model that tripped is held back, and none of one that passed or was confirmed', () => {
    const before = scoredBatch('u', many(3, 'spam'));
    const held = (state: 'tripped' | 'passed' | 'confirmed') =>
      new WatchedModel('v', state).guard(scoredBatch('v', many(3, 'spam')), before, rule).held;
    expect(held('tripped')).toBe(3);
    expect(held('passed')).toBe(0);
    expect(held('confirmed')).toBe(0);
  });

  it('where the model before could not score a batch, all its spam is held back and nothing is counted', () => {
    const model = new WatchedModel('v', 'watching');
    expect(model.guard(scoredBatch('v', many(3, 'spam')), null, rule).held).toBe(3);
    expect(model.counts).toEqual(noGuardCounts);
  });

  it('a model passes after the messages of the rule, those of other processes included', () => {
    const model = new WatchedModel('v', 'watching', { ...noGuardCounts, messages: 995 });
    const batch = () => model.guard(scoredBatch('v', many(3, 'ham')), scoredBatch('u', many(3, 'ham')), rule);
    batch();
    expect(model.state).toBe('watching');
    batch();
    expect(model.state).toBe('passed');
  });

  it('a trip counts more than to have passed, and a confirmation more than a trip', () => {
    const model = new WatchedModel('v', 'watching');
    model.adoptState('passed');
    expect(model.state).toBe('passed');
    model.adoptState('tripped');
    model.adoptState('passed');
    expect(model.state).toBe('tripped');
    model.adoptState('confirmed');
    expect(model.state).toBe('confirmed');
  });

  it('what could not be reported is reported later, and counts meanwhile', () => {
    const model = new WatchedModel('v', 'watching');
    const compare = () => model.guard(scoredBatch('v', ['spam']), scoredBatch('u', ['ham']), rule);
    compare();
    const taken = model.takeUnreported();
    compare();
    model.notReported(taken);
    expect(model.counts).toMatchObject({ messages: 2, spamMore: 2 });
    expect(model.takeUnreported()).toMatchObject({ messages: 2, spamMore: 2 });
    expect(model.takeUnreported()).toEqual(noGuardCounts);
  });

  it('whatever two models say, a watched model publishes no spam that the model before does not call spam, and every message keeps one verdict', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict), { maxLength: 60 }), (pairs) => {
        const [now, before] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
        const model = new WatchedModel('v', 'watching');
        const { batch, held } = model.guard(scoredBatch('v', now), scoredBatch('u', before), rule);
        for (const message of batch.scored)
          if (message.verdict === 'spam') expect(before[message.index]).toBe('spam');
        const { ham, review, spam } = batch.statistics;
        expect(ham + review + spam).toBe(pairs.length);
        expect(batch.scored).toHaveLength(review + spam);
        expect(spam + held).toBe(now.filter((each) => each === 'spam').length);
      }),
    );
  });
});

describe('departureOf', () => {
  const counts = (messages: number, more: number, fewer: number) => ({
    ...noGuardCounts,
    messages,
    spamMore: more,
    spamFewer: fewer,
  });

  it('a share that departs by less than the rule allows is no departure, however many messages there are', () => {
    expect(departureOf(counts(10_000_000, 99_000, 0), rule)).toBeUndefined();
    expect(departureOf(counts(10_000_000, 500_000, 450_000), rule)).toBeUndefined();
  });

  it('a share that departs by more is a departure in its direction, once there are enough messages', () => {
    expect(departureOf(counts(40, 2, 0), rule)).toBeUndefined();
    expect(departureOf(counts(1000, 50, 0), rule)).toEqual({ verdict: 'spam', direction: 'more' });
    expect(departureOf(counts(1000, 0, 50), rule)).toEqual({ verdict: 'spam', direction: 'fewer' });
    expect(departureOf({ ...noGuardCounts, messages: 1000, reviewMore: 100 }, rule)).toEqual({
      verdict: 'review',
      direction: 'more',
    });
  });
});
