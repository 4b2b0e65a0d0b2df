import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnMessages } from '../../../src/adapters/corpora/own-messages.ts';
import { LightModel } from '../../../src/labeling/light/light-model.ts';
import { LightPool } from '../../../src/labeling/light/light-pool.ts';
import type { ReportedRow } from '../../../src/learning/data-source.ts';
import { reportWeights } from '../../../src/learning/report-weights.ts';
import { isForTesting } from '../../../src/training/testing-part.ts';
import { assembled, limits, type Result, source } from './assembled.ts';

const REPORTERS = 1000;
/** 5 % of them. */
const COLLUDING = 50;
const ATTACKED = 1000;
/** At which the verdict is spam. */
const REJECT_MAX = 0.7;

const own = (await everyMessage()).filter((_, at) => at % 3 === 0);
/** Of each class, so many that nobody has labeled. */
const unlabeled = (label: 'spam' | 'ham', count: number) =>
  own.filter((message) => message.label === label && !isForTesting(message)).slice(0, count);
const [spam, ham] = [unlabeled('spam', 300), unlabeled('ham', ATTACKED)];
const aside = new Set([...spam, ...ham]);
const labels = source(
  'training',
  own.filter((message) => !aside.has(message)).map(({ text, label }) => ({ text, label })),
);
const reports = (
  from: number,
  messages: readonly { readonly text: string }[],
  reportersOf: (at: number) => readonly number[],
) =>
  messages.map(
    ({ text }, at): ReportedRow => ({
      ...{ id: from + at, text, community: 'forum', at: 1 },
      reporters: reportersOf(at).map((reporter) => `r${reporter}`),
    }),
  );
/** What the others report: spam, each message by one to six people. */
const usual = reports(1, spam, (at) =>
  Array.from(
    { length: 1 + (at % 6) },
    (_, one) => COLLUDING + ((at * 7 + one * 13) % (REPORTERS - COLLUDING)),
  ),
);
const attack = reports(1001, ham, () => Array.from({ length: COLLUDING }, (_, one) => one));

async function everyMessage() {
  const messages: { readonly text: string; readonly label: 'spam' | 'ham' }[] = [];
  for await (const { text, label } of new OwnMessages('native-models/messages').read())
    messages.push({ text, label });
  return messages;
}

/** Probabilities of the held-out messages by a model that was trained on the data. */
function scores({ training, heldOut }: Result): number[] {
  const pool = new LightPool();
  for (const { text } of [...training, ...heldOut]) pool.add(text, null);
  const known = training.map(({ label, weight }, row) => ({
    ...{ row, label },
    ...(weight === undefined ? {} : { weight }),
  }));
  const model = LightModel.fit(pool, known, { seed: 1 });
  return heldOut.map((_, at) => model.probability(training.length + at));
}

/** The threshold above which one in a hundred of the held-out ham is. */
function thresholdOf({ heldOut }: Result, of: readonly number[]): number {
  const ham = of.filter((_, at) => heldOut[at]!.label === 'ham').sort((one, other) => other - one);
  return ham[Math.floor(ham.length / 100)]!;
}

const reportsIn = ({ data }: Result) => data.sources.at(-1)!.training.spam;

describe('colluding reporters', () => {
  it('5 % of the reporters who report 1,000 honest messages change at most 0.2 % of the verdicts on held-out messages, and a threshold by .01', async () => {
    const assemble = (reported: readonly ReportedRow[], withLimits = limits) =>
      assembled([labels], { reports: reported, limits: withLimits, everybody: REPORTERS });
    const before = await assemble(usual);
    const after = await assemble([...usual, ...attack]);
    const unbounded = { weight: 1, mostPerReporter: 1e9, mostPerMessage: 1, mostShare: 1, leastShare: 0 };
    const without = await assemble([...usual, ...attack], { ...limits, reports: unbounded });
    const expected = scores(before);
    const compare = (result: Result) => {
      const found = scores(result);
      const changed = found.filter((score, at) => score > REJECT_MAX !== expected[at]! > REJECT_MAX).length;
      const threshold = thresholdOf(result, found) - thresholdOf(before, expected);
      return { changed: changed / found.length, threshold: Math.abs(threshold) };
    };
    expect(before.heldOut.length).toBeGreaterThan(600);
    // The reports of the others count.
    expect(reportsIn(before)).toBeGreaterThan(90);
    const bounded = compare(after);
    expect(bounded.changed).toBeLessThanOrEqual(0.002);
    expect(bounded.threshold).toBeLessThanOrEqual(0.01);
    // Without the bounds far more would.
    expect(reportsIn(without)).toBeGreaterThan(ATTACKED);
    expect(compare(without).changed).toBeGreaterThan(0.03);
  });

  it('5 % of the reporters bring in none of 1,000 messages, and at most 250 of any, however many they are and however they share them', () => {
    const given = fc.record({
      ...{ everybody: fc.integer({ min: 40, max: 20_000 }), messages: fc.integer({ min: 1, max: 1000 }) },
      each: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(given, ({ everybody, messages, each }) => {
        const colluding = Math.floor(everybody / 20);
        const reportsOf = new Array<number>(colluding).fill(0);
        const reporters = Array.from({ length: messages }, (_, at) =>
          Array.from({ length: Math.min(each, colluding) }, (_, one) => (at * each + one) % colluding),
        );
        for (const people of reporters) for (const person of people) reportsOf[person]!++;
        const weights = reportWeights({ reporters, reportsOf, everybody, labeled: 1e9 }, limits.reports);
        const counting = weights.filter((weight) => weight > 0).length;
        expect(counting).toBeLessThanOrEqual(250);
        if (messages === 1000) expect(counting).toBe(0);
      }),
      {
        examples: [
          [{ everybody: 1000, messages: 1000, each: 50 }],
          [{ everybody: 20_000, messages: 1000, each: 1 }],
        ],
      },
    );
  });
});
