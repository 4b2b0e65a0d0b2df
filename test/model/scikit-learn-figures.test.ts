import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/app/package-root.ts';
import { classificationFigures } from '../../src/evaluation/classification-figures.ts';
import {
  averagePrecisionOf,
  precisionRecallPoints,
  rankScores,
  rocPoints,
} from '../../src/evaluation/ranked-scores.ts';
import { brierScore, logLoss } from '../../src/evaluation/report/calibration.ts';
import type { ScoredExample } from '../../src/evaluation/scored-example.ts';
import { preparePython } from '../../src/training/python-environment.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { findTrainerHome } from '../../src/training/trainer-home.ts';

const TOLERANCE = 1e-9;

type Figures = Readonly<Record<string, number | null>> & {
  readonly roc?: readonly (readonly number[])[];
  readonly precisionRecall?: readonly (readonly number[])[];
};

const random = new SeededRandom(7);
/** `steps`: distinct probabilities, so that few of them make many ties; `separation`: how much higher those of spam are. */
function randomCase(size: number, spamShare: number, steps: number, separation: number): ScoredExample[] {
  return Array.from({ length: size }, () => {
    const isSpam = random.next() < spamShare;
    const value = random.next() * (1 - separation) + (isSpam ? separation : 0);
    return { label: isSpam ? 'spam' : 'ham', probability: Math.round(value * steps) / steps };
  });
}
const alike = (label: 'spam' | 'ham', ...probabilities: number[]): ScoredExample[] =>
  probabilities.map((probability) => ({ label, probability }));

const cases: Readonly<Record<string, readonly ScoredExample[]>> = {
  'continuous scores': randomCase(3000, 0.15, 1e12, 0.4),
  'many ties': randomCase(3000, 0.15, 20, 0.3),
  'scores without information': randomCase(500, 0.5, 1e9, 0),
  'probabilities 0 and 1': randomCase(200, 0.4, 1, 0.4),
  'rare spam': randomCase(5000, 0.002, 1e9, 0.2),
  'one probability for all': [...alike('spam', 0.7, 0.7), ...alike('ham', 0.7, 0.7, 0.7)],
  'perfect order': [...alike('spam', 0.9, 0.8), ...alike('ham', 0.2, 0.1)],
  'reversed order': [...alike('spam', 0.1, 0.2), ...alike('ham', 0.8, 0.9)],
  'nothing called spam': [...alike('spam', 0.3, 0.5), ...alike('ham', 0.1, 0.2)],
  'spam alone': alike('spam', 0.2, 0.9, 0.9),
  'ham alone': alike('ham', 0.2, 0.9, 0.9),
  'one message': alike('spam', 0.4),
};

/** By the same names as in `scikit_learn_figures.py`. */
function ownFigures(examples: readonly ScoredExample[]): Figures {
  const { accuracy, precision, recall, f1, mcc, falsePositiveRate, rocAuc, spam, ham } =
    classificationFigures(examples, { rejectMin: 0.5, rejectMax: 0.7 });
  const ranked = rankScores(examples);
  const figures = {
    ...{ accuracy, precision, recall, f1, mcc, falsePositiveRate, rocAuc },
    averagePrecision: spam > 0 ? averagePrecisionOf(ranked) : null,
    brier: brierScore(examples),
    logLoss: logLoss(examples),
  };
  if (spam === 0 || ham === 0) return figures as Figures;
  return {
    ...figures,
    roc: rocPoints(ranked).map(({ fpr, tpr }) => [fpr, tpr]),
    precisionRecall: precisionRecallPoints(ranked).map((point) => [
      ...[point.recall, point.precision, point.threshold],
    ]),
  } as unknown as Figures;
}

describe('figures of the evaluation and of scikit-learn', () => {
  let theirs: readonly Figures[];
  beforeAll(async () => {
    const { python } = await preparePython({ trainerHome: findTrainerHome(packageRoot()) });
    const script = fileURLToPath(new URL('scikit_learn_figures.py', import.meta.url));
    const running = promisify(execFile)(python, [script], { maxBuffer: 64 * 1024 ** 2 });
    const given = Object.values(cases).map((examples) => ({
      spam: examples.map(({ label }) => (label === 'spam' ? 1 : 0)),
      probabilities: examples.map(({ probability }) => probability),
    }));
    running.child.stdin?.end(JSON.stringify(given));
    theirs = JSON.parse((await running).stdout);
  });

  test.each(Object.entries(cases).map(([name, examples], at) => ({ name, examples, at })))(
    'are equal to 1e-9, and undefined for the same data: $name',
    ({ examples, at }) => {
      const own = ownFigures(examples);
      expect(Object.keys(own).sort()).toEqual(Object.keys(theirs[at]!).sort());
      for (const [name, expected] of Object.entries(theirs[at]!)) expectNear(name, own[name], expected);
    },
  );
});

function expectNear(name: string, own: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    expect(own, name).toHaveLength(expected.length);
    const [mine, others] = [(own as unknown[]).flat(), expected.flat()];
    expect(mine.length, name).toBe(others.length);
    const differences = mine.map((value, at) => Math.abs(Number(value) - Number(others[at])));
    expect(Math.max(...differences), name).toBeLessThanOrEqual(TOLERANCE);
  } else if (expected === null) expect(own, name).toBeNull();
  else expect(Math.abs((own as number) - (expected as number)), name).toBeLessThanOrEqual(TOLERANCE);
}
