import type { AuditedMessage } from '../../src/core/audit.ts';
import { type VerdictName, verdictNames } from '../../src/core/verdict.ts';
import { bandOf } from '../../src/decide/reject-option.ts';
import { upperTail } from '../../src/learning/gates/normal.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';

/** How messages are drawn and decided in one simulated month. */
export interface AuditDesign {
  readonly name: string;
  /** Messages of the month, drawn evenly on a logarithmic scale. */
  readonly messages: readonly [number, number];
  /** Share of spam, drawn likewise. */
  readonly prevalence: readonly [number, number];
  readonly rates: Readonly<Record<VerdictName, number>>;
  /** Of the smallest community, in place of `rates`. */
  readonly smallCommunity?: Readonly<Record<VerdictName, number>>;
  /** Share of the drawn messages that somebody decides; the others are unsure or wait. */
  readonly response: Readonly<Record<VerdictName, number>>;
  /** How many times as likely spam is decided as ham of the same verdict, at most; 1: the class has no part in it. */
  readonly spamResponse?: number;
}

/** The rates of all messages of the month, which nobody knows but a simulation. */
export interface TrueRates {
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
  readonly precision: number;
  readonly prevalence: number;
}

export interface SimulatedMonth {
  readonly truth: TrueRates;
  /** Share of spam among the messages of each tenth of the scores; null where there is none. */
  readonly spamShares: readonly (number | null)[];
  readonly sample: readonly AuditedMessage[];
  /** Decided rows of the review band, a stream that is not sampled, and of users' reports: counts. */
  readonly reviews: readonly {
    readonly label: 'spam' | 'ham';
    readonly probability: number;
    readonly rows: number;
  }[];
}

const PERIODS = 10;
const COMMUNITIES = 5;
const BINS = 10;
const THRESHOLDS = { rejectMin: 0.5, rejectMax: 0.7 };
/** Standard deviation of log-odds, as in gate-simulation.ts. */
const SPREAD = { spam: 3, ham: 2.5 } as const;
const DAY_MS = 86_400_000;
const MONTH_START = Date.UTC(2026, 0, 1);
/** Share of the missed spam that users report. */
const REPORTED = 0.02;

/**
 * One month of messages, simulated as counts: for each community, period of three days, class and tenth of the scores, how many messages there
 * were, how many of these were drawn (binomial, as the draw by hash is) and how many of those decided. No estimate depends on more than that.
 *
 * A message's log-odds are normal within its class. Each community has its own share of spam and its own error rates; over the month the
 * share of spam drifts up or down by up to a factor of three, with a wave of spam in one period, and the model loses or gains up to a
 * standard half of the spread of the scores of spam.
 */
export function simulateMonth(design: AuditDesign, seed: number): SimulatedMonth {
  const random = new SeededRandom(seed);
  const total = between(random, design.messages);
  const prevalence = between(random, design.prevalence);
  const drift = {
    share: (2 * random.next() - 1) * Math.log(3),
    spam: (2 * random.next() - 1) * 1.5,
    ham: (random.next() - 0.5) * 0.6,
  };
  const wave = random.below(PERIODS);
  const means = { spam: 0.847 + between(random, [2, 7]), ham: 0.847 - between(random, [6.5, 9.5]) };
  const tally = new MonthTally();
  for (let community = 0; community < COMMUNITIES; community++) {
    const size = (total * 2 ** -community) / (2 - 2 ** (1 - COMMUNITIES));
    const own = { share: normalOf(random) * 0.5, spam: normalOf(random) * 0.5, ham: normalOf(random) * 0.3 };
    const isSmall = community === COMMUNITIES - 1;
    const rates = isSmall && design.smallCommunity !== undefined ? design.smallCommunity : design.rates;
    for (let period = 0; period < PERIODS; period++) {
      const time = period / (PERIODS - 1) - 0.5;
      const odds =
        Math.log(prevalence / (1 - prevalence)) + own.share + drift.share * time + (period === wave ? 1 : 0);
      const spam = size / PERIODS / (1 + Math.exp(-odds));
      for (const label of ['spam', 'ham'] as const) {
        const messages = label === 'spam' ? spam : size / PERIODS - spam;
        const mean = means[label] + own[label] + drift[label] * time;
        let below = 0;
        for (let bin = 0; bin < BINS; bin++) {
          const upTo =
            bin === BINS - 1 ? 1 : 1 - upperTail((logOdds((bin + 1) / BINS) - mean) / SPREAD[label]);
          const expected = messages * (upTo - below);
          below = upTo;
          const count = Math.floor(expected + random.next());
          tally.add(design, { random, rates, label, bin, count, community, period });
        }
      }
    }
  }
  return tally.month();
}

interface Cell {
  readonly random: SeededRandom;
  readonly rates: Readonly<Record<VerdictName, number>>;
  readonly label: 'spam' | 'ham';
  readonly bin: number;
  readonly count: number;
  readonly community: number;
  readonly period: number;
}

class MonthTally {
  readonly #counts = { spam: verdictCounts(), ham: verdictCounts() };
  readonly #bins = { spam: new Array<number>(BINS).fill(0), ham: new Array<number>(BINS).fill(0) };
  readonly #sample: AuditedMessage[] = [];
  readonly #reviews: { label: 'spam' | 'ham'; probability: number; rows: number }[] = [];

  add(design: AuditDesign, { random, rates, label, bin, count, community, period }: Cell): void {
    const probability = (bin + 0.5) / BINS;
    const verdict = bandOf(probability, THRESHOLDS);
    this.#counts[label][verdict] += count;
    this.#bins[label][bin]! += count;
    if (verdict === 'review') this.#reviews.push({ label, probability, rows: count });
    if (verdict === 'ham' && label === 'spam')
      this.#reviews.push({ label, probability, rows: binomial(random, count, REPORTED) });
    const inclusionProbability = rates[verdict];
    const response = design.response[verdict] / (label === 'ham' ? (design.spamResponse ?? 1) : 1);
    for (let drawn = binomial(random, count, inclusionProbability); drawn > 0; drawn--) {
      const isDecided = random.next() < response;
      this.#sample.push({
        ...{ verdict, inclusionProbability, probability, language: 'en', model: 'simulated' },
        ...{ community: `community-${community}`, drawnAt: MONTH_START + 3 * period * DAY_MS },
        ...{ label: isDecided ? label : null, unsure: isDecided ? 0 : 1 },
      });
    }
  }

  month(): SimulatedMonth {
    const { spam, ham } = this.#counts;
    const all = { spam: sumOf(Object.values(spam)), ham: sumOf(Object.values(ham)) };
    return {
      truth: {
        truePositiveRate: spam.spam / all.spam,
        falsePositiveRate: ham.spam / all.ham,
        precision: spam.spam / (spam.spam + ham.spam),
        prevalence: all.spam / (all.spam + all.ham),
      },
      spamShares: this.#bins.spam.map((count, bin) => {
        const both = count + this.#bins.ham[bin]!;
        return both === 0 ? null : count / both;
      }),
      sample: this.#sample,
      reviews: this.#reviews,
    };
  }
}

function verdictCounts(): Record<VerdictName, number> {
  return Object.fromEntries(verdictNames.map((name) => [name, 0])) as Record<VerdictName, number>;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/** Evenly on a logarithmic scale. */
function between(random: SeededRandom, [low, high]: readonly [number, number]): number {
  return low * (high / low) ** random.next();
}

/** Successes of `trials` at `rate`, exactly: by the gaps between successes, which are geometric (Devroye 1986, X.4.3). */
export function binomial(random: SeededRandom, trials: number, rate: number): number {
  if (rate <= 0) return 0;
  if (rate >= 1) return trials;
  const scale = Math.log1p(-rate);
  let successes = 0;
  for (let at = 0; ; successes++) {
    at += Math.floor(Math.log1p(-random.next()) / scale) + 1;
    if (at > trials) return successes;
  }
}

/** By Box & Muller (1958). */
function normalOf(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log1p(-random.next())) * Math.cos(2 * Math.PI * random.next());
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}
