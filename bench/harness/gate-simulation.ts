import { obfuscationKinds } from '../../src/core/obfuscation-kinds.ts';
import { decideGate } from '../../src/learning/gates/decide-gate.ts';
import type { GateSettings } from '../../src/learning/gates/gate-settings.ts';
import { upperTail } from '../../src/learning/gates/normal.ts';
import type { ModelComparison, ObfuscatedRecall, PairedScore } from '../../src/learning/held-out.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';

/** A pair of models, by their rates at `rejectMax`. */
export interface SimulatedCase {
  readonly name: string;
  readonly messages: number;
  readonly spamShare: number;
  readonly champion: SimulatedRates;
  readonly challenger: SimulatedRates;
}

export interface SimulatedRates {
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
}

export const simulatedThresholds = { rejectMin: 0.5, rejectMax: 0.7 };

/** Rates of the shipped model are of this order. */
export const usualRates: SimulatedRates = { truePositiveRate: 0.9, falsePositiveRate: 0.003 };

/** Correlation of two models' log-odds on the messages of a class: see {@link simulateComparison}. */
const CORRELATION = 0.95;
/** Standard deviation of log-odds. */
const SPREAD = { spam: 3, ham: 2.5 } as const;
/** How much recall falls under obfuscation, in log-odds. */
const OBFUSCATED = 0.3;
const GERMAN_SHARE = 0.4;

/**
 * Scores of two models on held-out messages, drawn again for each seed.
 *
 * A message's log-odds by a model are normal: what both models see in the message, plus what each sees alone, so that the log-odds of the
 * two correlate by .95 within a class; on 4,000 messages that makes them disagree on some 4 % of the spam and .2 % of the ham, which
 * is what two trainings on resampled messages do (see docs/retraining/gates.md). The means are those at which the rates at `rejectMax` are
 * the given ones; so a challenger with the champion's rates differs from it by chance alone, and one with other rates is better or worse
 * everywhere. Half of the messages are old, 60 % are in one language and 40 % in another. Under each of the obfuscations the spam has
 * the same log-odds less .3, and half of the variance of what a model sees alone is of the obfuscation.
 */
export function simulateComparison(each: SimulatedCase, seed: number, kinds?: number): ModelComparison {
  const normal = new NormalRandom(seed);
  const before = meansOf(each.champion);
  const after = meansOf(each.challenger);
  const spam = Math.round(each.spamShare * each.messages);
  const scores: PairedScore[] = [];
  const ofSpam: Shared[] = [];
  const { shared: sharedPart, own: ownPart } = parts;
  for (let at = 0; at < each.messages; at++) {
    const label = at < spam ? 'spam' : 'ham';
    const spread = SPREAD[label];
    const shared = sharedPart * spread * normal.next();
    const [own, other] = [ownPart * spread * normal.next(), ownPart * spread * normal.next()];
    if (label === 'spam') ofSpam.push({ shared, own, other });
    scores.push({
      label,
      community: '',
      part: at % 2 === 0 ? 'old' : 'new',
      language: at % 10 < 10 * GERMAN_SHARE ? 'de' : 'en',
      champion: probabilityOf(before[label] + shared + own),
      challenger: probabilityOf(after[label] + shared + other),
    });
  }
  const obfuscated = obfuscationKinds
    .slice(0, kinds)
    .map((kind) => simulateRecall(kind, ofSpam, [before.spam, after.spam], normal));
  return {
    ...{ champion: 'champion', challenger: 'challenger', thresholds: simulatedThresholds },
    ...{ scores, obfuscated, unscored: 0 },
  };
}

/** Shares of the standard deviation. */
const parts = { shared: Math.sqrt(CORRELATION), own: Math.sqrt(1 - CORRELATION) };

/** What both models see in a message, and each alone. */
interface Shared {
  readonly shared: number;
  readonly own: number;
  readonly other: number;
}

/** As many messages at most as `compareModels` obfuscates. */
const MOST = 2000;

function simulateRecall(
  obfuscation: string,
  messages: readonly Shared[],
  [before, after]: readonly [number, number],
  normal: NormalRandom,
): ObfuscatedRecall {
  const limit = logOddsOf(simulatedThresholds.rejectMax) + OBFUSCATED;
  const half = Math.SQRT1_2;
  const fresh = half * parts.own * SPREAD.spam;
  const counts = { both: 0, championOnly: 0, challengerOnly: 0 };
  const chosen = messages.slice(0, MOST);
  // Numbers are drawn only where they decide: beyond five deviations they do in one of three million cases.
  const isAbove = (logOdds: number) =>
    Math.abs(logOdds - limit) > 5 * fresh ? logOdds > limit : logOdds + fresh * normal.next() > limit;
  for (const { shared, own, other } of chosen) {
    const isBefore = isAbove(before + shared + half * own);
    const isAfter = isAbove(after + shared + half * other);
    if (isBefore && isAfter) counts.both++;
    else if (isBefore) counts.championOnly++;
    else if (isAfter) counts.challengerOnly++;
  }
  return { obfuscation, spam: chosen.length, ...counts };
}

/** Means of the log-odds at which the rates at `rejectMax` are these. */
function meansOf({ truePositiveRate, falsePositiveRate }: SimulatedRates): {
  readonly spam: number;
  readonly ham: number;
} {
  const limit = logOddsOf(simulatedThresholds.rejectMax);
  return {
    spam: limit + SPREAD.spam * normalQuantile(truePositiveRate),
    ham: limit + SPREAD.ham * normalQuantile(falsePositiveRate),
  };
}

/** Shares of simulated retrainings. */
export interface SimulatedAnswers {
  readonly promoted: number;
  /** By gate `document`. */
  readonly promotedByDocument: number;
  /** Answered with "too few messages", and nothing else against it. */
  readonly tooFew: number;
  /** Of each check, by its name: passed. */
  readonly passed: Readonly<Record<string, number>>;
  /** Passed under every obfuscation. */
  readonly recalls: number;
}

/** What both gates decide on `runs` retrainings. `kinds`: how many obfuscations are simulated; all by default. */
export function simulateGates(
  each: SimulatedCase,
  settings: GateSettings,
  runs: number,
  kinds?: number,
): SimulatedAnswers {
  const counts = { promoted: 0, promotedByDocument: 0, tooFew: 0, recalls: 0 };
  const passed: Record<string, number> = {};
  for (let seed = 1; seed <= runs; seed++) {
    const comparison = simulateComparison(each, seed, kinds);
    const { checks, promoted } = decideGate(comparison, { ...settings, kind: 'sound' });
    if (decideGate(comparison, { ...settings, kind: 'document' }).promoted) counts.promotedByDocument++;
    if (promoted) counts.promoted++;
    else if (checks.every((check) => check.passed !== false)) counts.tooFew++;
    const ofRecall = checks.filter(({ name }) => name.startsWith('recall.'));
    if (ofRecall.every((check) => check.passed === true)) counts.recalls++;
    for (const check of checks)
      passed[check.name] = (passed[check.name] ?? 0) + (check.passed === true ? 1 / runs : 0);
  }
  return {
    promoted: counts.promoted / runs,
    promotedByDocument: counts.promotedByDocument / runs,
    tooFew: counts.tooFew / runs,
    recalls: counts.recalls / runs,
    passed,
  };
}

function logOddsOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Normal random numbers by the polar method (Marsaglia & Bray 1964). */
class NormalRandom {
  readonly #random: SeededRandom;
  #spare: number | undefined;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  next(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.#random.next() - 1;
      const y = 2 * this.#random.next() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }
}

/** Value that a standard normal variable is below with that probability; by bisection of the upper tail. */
function normalQuantile(probability: number): number {
  let low = -10;
  let high = 10;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (1 - upperTail(middle) < probability) low = middle;
    else high = middle;
  }
  return low;
}
