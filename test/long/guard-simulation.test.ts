import { describe, expect, it } from 'vitest';
import {
  alarmsAtTheLimit,
  BATCH,
  change,
  changeByRate,
  mean,
  most,
  type Run,
  rule,
  runs,
  usual,
} from '../unit/decide/simulated-models.ts';

/** The figures of docs/retraining/shadow.md, printed. */
const print = (text: string) => console.info(text);
const count = (all: readonly Run[], state: string) => all.filter((each) => each.state === state).length;
const wrongText = (all: readonly Run[]) => {
  const wrong = all.map((each) => each.wrong);
  const until = all.map(({ messages }) => messages);
  return `wrong verdicts: mean ${mean(wrong).toFixed(2)}, most ${most(wrong)}; found after ${mean(until).toFixed(0)} messages, at most ${most(until)}`;
};

describe('the guard of a new model, simulated at length', () => {
  it.each([
    [0.01, BATCH],
    [0.13, BATCH],
    [0.13, 512],
    [0.13, 4096],
    [0.3, BATCH],
    [0.5, BATCH],
  ])(
    'a model that calls a twentieth of all ham spam: share of spam %d, batches of %d',
    (spamShare, batch) => {
      const all = runs(500, (seed) => change(seed, usual, { spamShare, batch, planted: 0.05 }));
      print(
        `planted, share of spam ${spamShare}, batches of ${batch}, ${all.length} changes: ${wrongText(all)}`,
      );
      expect(count(all, 'tripped')).toBe(all.length);
      expect(most(all.map(({ wrong }) => wrong))).toBeLessThan(20);
    },
  );

  it('honest models pass', () => {
    const better = { ...usual, spamAsSpam: 0.95, spamAsReview: 0.02, hamAsSpam: 0.0003 };
    for (const [name, model, isIndependent] of [
      ['the same model', usual, false],
      ['as good, errs on other messages', usual, true],
      ['halves the missed spam', better, false],
    ] as const) {
      const all = runs(1000, (seed) =>
        change(seed, model, { messages: rule.messages, isIndependent, batch: 50 }),
      );
      print(
        `${name}, ${all.length} changes: ${count(all, 'tripped')} alarms; held back in ${rule.messages} messages: mean ${mean(all.map(({ held }) => held)).toFixed(0)}, most ${most(all.map(({ held }) => held))}`,
      );
      expect(count(all, 'tripped')).toBeLessThanOrEqual(2);
    }
  });

  it('false alarms are rarer than stated', () => {
    for (const stated of [0.05, 0.01, 0.001]) {
      const alarms = alarmsAtTheLimit(4000, 20_000, stated);
      print(`at the limit itself, stated ${stated}: ${alarms} alarms of 4000 changes`);
      expect(alarms / 4000).toBeLessThanOrEqual(stated);
    }
  });

  it('a test of the share alone', () => {
    for (const spamShare of [0.01, 0.13, 0.3])
      print(
        `share alone, share of spam ${spamShare}: ${wrongText(runs(500, (seed) => changeByRate(seed, spamShare, spamShare, 0.05)))}`,
      );
    for (const later of [0.13, 0.15, 0.18]) {
      const all = runs(500, (seed) => changeByRate(seed, 0.13, later, 0));
      print(
        `share alone, an equal model, share of spam 0.13 and then ${later}: ${count(all, 'tripped')} alarms of ${all.length} changes`,
      );
    }
  });
});
