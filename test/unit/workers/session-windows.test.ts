import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommunityPolicy } from '../../../src/core/decision-policy.ts';
import { exactScoresModes } from '../../../src/core/decision-policy.ts';
import { bandOf } from '../../../src/decide/reject-option.ts';
import { limits, manifest, session, trust, windows } from './stand-in-model.ts';

const rowsOf = (texts: readonly string[], thresholds: CommunityPolicy = limits) =>
  texts.map((text) => ({ text, language: undefined, thresholds }));
const exact = { exactScores: 'all', keepBaseModels: false } as const;
const padding = 'dinner at the lake and then dinner in the train at the lake';
const spam = 'claim free prize';

const word = fc.constantFrom(
  'prize',
  'claim',
  'free',
  'dinner',
  'lake',
  'train',
  'and',
  '4711',
  '<!--',
  '-->',
  'of',
);
const texts = fc.array(
  fc.array(word, { minLength: 1, maxLength: 24 }).map((words) => words.join(' ')),
  { minLength: 1, maxLength: 6 },
);
const thresholds: fc.Arbitrary<CommunityPolicy> = fc
  .record({
    low: fc.double({ min: 0, max: 1, noNaN: true }),
    high: fc.double({ min: 0, max: 1, noNaN: true }),
    bias: fc.constantFrom(undefined, 0, 1.5, -2),
  })
  .map(({ low, high, bias }) => ({
    rejectMin: Math.min(low, high),
    rejectMax: Math.max(low, high),
    ...(bias === undefined ? {} : { bias }),
  }));

describe('an ONNX session of a model with windows', () => {
  it('an ONNX session with windows finds spam that harmless words after it hide from the score of the whole', async () => {
    const { made } = session();
    const rows = rowsOf([spam, padding, `${spam} ${padding}`]);
    const whole = await made.evaluate(rows, { ...exact, wholeOnly: true });
    const result = await made.evaluate(rows, exact);
    expect(whole.probability[2]).toBeLessThan(0.7);
    expect(result.probability[2]).toBeGreaterThan(0.7);
    expect(result.window[2]).toBeGreaterThanOrEqual(0);
    for (const row of [0, 1]) expect(result.probability[row]).toBe(whole.probability[row]);
    expect([...result.window.subarray(0, 2)]).toEqual([-1, -1]);
  });

  it('an ONNX session with windows gives a message the highest score of the whole and its parts, which are scored by the first stage', async () => {
    const { made } = session();
    const text = `${padding} ${spam}`;
    const result = await made.evaluate(rowsOf([text]), exact);
    const alone = await made.evaluate(rowsOf([text, spam, `the lake ${spam}`]), {
      exactScores: 'all',
      keepBaseModels: true,
      wholeOnly: true,
    });
    const whole = alone.probability[0];
    const words = text.split(' ').length;
    const expected = windows.words.map((length, at) => {
      const first = alone.members[(at + 1) * 3]!;
      // The weights of the base models are 9, 3 and 2; the first stage has the first.
      const z = 1.1 * (-7 + 14 * first) + 0.05;
      const line = windows.slope * z - windows.shift - windows.perDoubling * Math.log2(words / length);
      return Math.min(windows.most, 1 / (1 + Math.exp(-line)));
    });
    expect(result.probability[0]).toBeCloseTo(Math.max(whole!, ...expected), 9);
  });

  it('an ONNX session with windows runs no graph for parts of a short message, or of one whose whole is above what a part can reach', async () => {
    const { made, graphs } = session();
    await made.evaluate(rowsOf(['claim a free prize', `${spam} ${spam} ${spam}`]), exact);
    expect(graphs[0]!.asked).toBe(2);
  });

  it('an ONNX session with windows runs only the first graph for parts', async () => {
    const { made, graphs } = session();
    await made.evaluate(rowsOf([`${spam} ${padding}`]), exact);
    expect(graphs.map(({ asked }) => asked)).toEqual([3, 1, 1]);
  });

  it.each(['none', 'notHam'] as const)(
    'an ONNX session with windows gives each message under exactScores %s the band that it has when all stages run, near-ties included',
    async (exactScores) => {
      const { made } = session();
      await fc.assert(
        fc.asyncProperty(texts, thresholds, async (drawn, policy) => {
          const { made: trusting } = session({ trust });
          for (const one of [made, trusting]) {
            const full = await one.evaluate(rowsOf(drawn, policy), exact);
            const ties = [...full.probability].filter((p) => p <= policy.rejectMax);
            for (const rejectMin of [policy.rejectMin, ...ties]) {
              const near = { ...policy, rejectMin };
              const expected = await one.evaluate(rowsOf(drawn, near), exact);
              const early = await one.evaluate(rowsOf(drawn, near), { ...exact, exactScores });
              for (let row = 0; row < drawn.length; row++) {
                const p = expected.probability[row]!;
                expect(early.lowest[row]).toBeLessThanOrEqual(p);
                expect(early.highest[row]).toBeGreaterThanOrEqual(p);
                expect(bandOf(early.highest[row]!, near)).toBe(bandOf(p, near));
                if (exactScores === 'notHam' && p > rejectMin) expect(early.probability[row]).toBe(p);
              }
            }
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(exactScoresModes)(
    'an ONNX session with windows gives a message under exactScores %s the same score whatever else is in the batch',
    async (exactScores) => {
      const { made } = session({ trust });
      const options = { exactScores, keepBaseModels: false };
      await fc.assert(
        fc.asyncProperty(texts, texts, thresholds, async (some, others, policy) => {
          const alone = await made.evaluate(rowsOf(some, policy), options);
          const known = [alone.probability, alone.lowest, alone.highest].map((values) => [...values]);
          const among = await made.evaluate(rowsOf([...others, ...some], policy), options);
          const found = [among.probability, among.lowest, among.highest].map((values) => [
            ...values.subarray(others.length),
          ]);
          expect(found).toEqual(known);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('an ONNX session with windows does not count text that its reader does not see as evidence of ham', async () => {
    const { made } = session({ windows: { ...windows, shift: 50 } });
    const hidden = ['dinner lake train dinner lake', `${spam} <!-- dinner lake train dinner lake -->`];
    const result = await made.evaluate(rowsOf([spam, ...hidden]), exact);
    expect(result.probability[1]).toBeLessThan(0.5);
    expect(result.probability[2]).toBeGreaterThan(0.9);
  });

  it('an ONNX session with windows reports a message as unscorable if a part of it is', async () => {
    const { made } = session({ stages: manifest.stages });
    const result = await made.evaluate(rowsOf([`odd ${spam} ${padding}`]), exact);
    expect(result.unscorable[0]).toBe(1);
    expect(result.probability[0]).toBeNaN();
  });
});

describe('an ONNX session of a model with trust', () => {
  it('an ONNX session with trust moves the score of a message to the prior if it knows few of its words', async () => {
    const { made } = session({ trust, windows: undefined });
    const { made: trusting } = session({ windows: undefined });
    const rows = rowsOf(['dinner', 'dinner lake train free', 'dinner xqzv bnrt plok']);
    const [one, four, strange] = (await made.evaluate(rows, exact)).probability;
    const plain = (await trusting.evaluate(rows, exact)).probability;
    const logit = (p: number) => Math.log(p / (1 - p));
    const drawn = (p: number, by: number) => logit(0.2) + by * (logit(p) - logit(0.2));
    expect(logit(one!)).toBeCloseTo(drawn(plain[0]!, 0.2), 9);
    expect(four).toBe(plain[1]);
    expect(logit(strange!)).toBeCloseTo(drawn(plain[2]!, 0.1), 9);
  });

  it('an ONNX session with trust sends a message without a known word to review at most', async () => {
    const { made } = session({ trust, windows: undefined, prior: 0.9 });
    const { made: trusting } = session({ windows: undefined });
    const spamOfSigns = rowsOf(['4711 4712 prizes', '4711', '4711 prize claim']);
    const result = await made.evaluate(spamOfSigns, { ...exact, exactScores: 'none' });
    await trusting.evaluate(spamOfSigns, exact);
    expect(bandOf(result.highest[1]!, limits)).not.toBe('spam');
    const all = await made.evaluate(spamOfSigns, exact);
    expect(all.probability[1]).toBeLessThanOrEqual(limits.rejectMax);
    expect(all.probability[2]).toBeGreaterThan(limits.rejectMax);
  });
});

describe('the bias of a community', () => {
  it('the bias of a community is added to the log-odds of each message, also of those without a known feature', async () => {
    const { made } = session({ windows: undefined });
    const drawn = ['dinner prize', 'zzz', 'lake'];
    const plain = (await made.evaluate(rowsOf(drawn), exact)).probability;
    const biased = (await made.evaluate(rowsOf(drawn, { ...limits, bias: 1.25 }), exact)).probability;
    for (const [row, p] of plain.entries())
      expect(Math.log(biased[row]! / (1 - biased[row]!))).toBeCloseTo(Math.log(p / (1 - p)) + 1.25, 9);
  });

  it('the bias of a community changes nothing, to the last bit, if it is zero', async () => {
    const { made } = session();
    const drawn = ['dinner prize', 'zzz', `${spam} ${padding}`];
    const plain = [...(await made.evaluate(rowsOf(drawn), exact)).probability];
    expect([...(await made.evaluate(rowsOf(drawn, { ...limits, bias: 0 }), exact)).probability]).toEqual(
      plain,
    );
  });
});
