import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../../src/core/model-manifest.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import type { CollectedMessage } from '../../../src/training/collect-messages.ts';
import { fitWindows, type TextScore, windowMessages } from '../../../src/training/fit-windows.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';

const harmless = ['dinner', 'lake', 'train', 'sister', 'cat', 'bread', 'book', 'rain', 'song', 'house'];
const bad = ['prize', 'claim', 'winner', 'casino'];
const vocabulary = Vocabulary.fromNames([...harmless, ...bad].map((word) => `w:${word}`));
const strengths = Float32Array.from([...harmless.map(() => -20), ...bad.map(() => 60)]);
const isBad = (word: string) => bad.includes(word);

/** One base model: the share of bad words among all, sharpened. */
function scoreOf(text: string): TextScore {
  const words = text.split(/\s+/);
  const share = words.filter(isBad).length / words.length;
  const member = 1 / (1 + Math.exp(-20 * (share - 0.35)));
  return { probability: 1 / (1 + Math.exp(-(-4 + 8 * member))), members: [member] };
}

const manifest = {
  members: [{ name: 'one', families: ['words'], min: 0, max: 1, weight: 8 }],
  stages: [{ kind: 'linear', name: 'l', file: 'l.onnx', families: ['words'], members: [0] }],
  blender: { kind: 'logistic', bias: -4, calibration: { scale: 1, shift: 0 } },
  prior: 0.2,
} as unknown as ModelManifest;

/** Ham of any length with a bad word now and then, as often as `rate`; and short spam. */
function messages(rate: number, count = 12_000): CollectedMessage[] {
  const random = new SeededRandom(4);
  const word = () => (random.next() < rate ? random.pick(bad) : random.pick(harmless));
  return Array.from({ length: count }, (_, i) => {
    const spam = i % 10 === 0;
    const text = spam
      ? Array.from({ length: 8 }, () =>
          random.next() < 0.8 ? random.pick(bad) : random.pick(harmless),
        ).join(' ')
      : Array.from({ length: 4 + random.below(30) }, word).join(' ');
    return {
      origin: 'test',
      text: `${text} n${i}`,
      label: spam ? 'spam' : 'ham',
      source: 0,
      forTesting: false,
      weight: 1,
    };
  });
}

const fitted = (rate: number, count?: number) =>
  fitWindows({
    ...windowMessages({ sources: ['a'], messages: messages(rate, count), duplicates: 0 }),
    featurizer: new Featurizer({ languages: ['en'], ownDomains: [] }),
    vocabulary,
    strengths,
    thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
    seed: 1,
    manifest,
    score: async (texts) => texts.map(({ text }) => scoreOf(text)),
  });

interface Kind {
  readonly kind: string;
  readonly above_reject_min: { readonly whole: number; readonly windows: number };
  readonly above_reject_max: { readonly whole: number; readonly windows: number };
}
const kindsOf = (facts: unknown) => (facts as { documents: Kind[] }).documents;

describe('the fit of windows', () => {
  it('fitting windows finds padded spam that the whole message hides, and leaves long ham below the thresholds', async () => {
    const { windows, facts } = await fitted(0.03);
    expect(windows).toBeDefined();
    for (const { kind, above_reject_min, above_reject_max } of kindsOf(facts)) {
      if (kind.startsWith('ham')) {
        expect(above_reject_min.windows - above_reject_min.whole, kind).toBeLessThanOrEqual(0.015);
        expect(above_reject_max.windows - above_reject_max.whole, kind).toBeLessThanOrEqual(0.0015);
      }
      if (kind !== 'spam, + 200 words') continue;
      expect(above_reject_min.whole).toBeLessThan(0.1);
      expect(above_reject_min.windows).toBeGreaterThan(0.9);
    }
  }, 60_000);

  it('fitting windows lowers the score of parts if long ham resembles spam more', async () => {
    const [few, many] = [await fitted(0.03), await fitted(0.12)];
    const worth = (z: number, { windows }: typeof few) => windows!.slope * z - windows!.shift;
    expect(worth(3, many)).toBeLessThan(worth(3, few));
  }, 60_000);

  it('fitting windows gives none if there is little ham', async () => {
    const { windows, facts } = await fitted(0.03, 400);
    expect(windows).toBeUndefined();
    expect(facts).toEqual({ too_little_long_ham: true });
  });

  it('fitting windows gives the same for the same messages', async () => {
    expect(await fitted(0.03, 6_000)).toEqual(await fitted(0.03, 6_000));
  }, 60_000);
});
