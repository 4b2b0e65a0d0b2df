import { type DriftSignal, driftSignals } from '../../src/core/drift-figures.ts';
import { scoreLimits } from '../../src/core/score-counts.ts';
import type { BatchStatistics } from '../../src/core/scored-batch.ts';
import { DriftMonitor, type DriftRules } from '../../src/drift/drift-monitor.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';

/** What traffic is like. Shares 0 … 1; noise in log-odds. */
export interface SimulatedTraffic {
  readonly name: string;
  /** In a window of five minutes, on average over the day. */
  readonly messages: number;
  /** Amplitude of the cycle of a day, and what the weekend adds. */
  readonly daily: number;
  readonly weekend: number;
  /** Standard deviation between days. */
  readonly days: number;
  /** Standard deviation of what changes slowly within the day, and its correlation from window to window. */
  readonly slow: number;
  readonly correlation: number;
  /** Variance of a count, in multiples of that of a random draw: copies come together. */
  readonly dispersion: number;
}

/** A change that begins at some time. */
export interface PlantedDrift {
  readonly name: string;
  /** Share of the messages that are in a language which never came before. */
  readonly newLanguage?: number;
  readonly unknownWords?: number;
  readonly spam?: number;
}

/** A month of each is simulated. `restless`: all noise is half as large again, and copies come in larger groups. `small`: a tenth of the messages. */
const usualTraffic: SimulatedTraffic = {
  name: 'usual',
  ...{ messages: 1000, daily: 0.3, weekend: 0.15, days: 0.08, slow: 0.08, correlation: 0.9, dispersion: 2 },
};
export const simulatedTraffic = [
  usualTraffic,
  { ...usualTraffic, name: 'restless', weekend: 0.25, days: 0.12, slow: 0.12, dispersion: 4 },
  { ...usualTraffic, name: 'small', messages: 100 },
] as const satisfies readonly SimulatedTraffic[];

export const plantedDrifts = [
  { name: 'a new language, 5 % of the messages', newLanguage: 0.05 },
  { name: 'a new obfuscation, unknown words from 8 to 14 %', unknownWords: 0.14 },
  { name: 'spam from 10 to 25 %', spam: 0.25 },
] as const satisfies readonly PlantedDrift[];

const WINDOW = 300_000;
const DAY = 86_400_000;
const WORDS = 12;
const usual = {
  spam: 0.1,
  unknownWords: 0.08,
  languages: { en: 0.6, de: 0.3, fr: 0.05, '': 0.05 } as Readonly<Record<string, number>>,
} as const;
/** Of each class, shares of the ranges of scores, by their upper limits. */
const scoresOf = {
  ham: [
    0.35, 0.25, 0.15, 0.12, 0.06, 0.03, 0.01, 0.01, 0.005, 0.004, 0.003, 0.003, 0.002, 0.001, 0.001, 0.0005,
    0.0003, 0.0002,
  ],
  spam: [
    0.001, 0.002, 0.004, 0.01, 0.01, 0.02, 0.013, 0.02, 0.02, 0.02, 0.02, 0.02, 0.03, 0.03, 0.1, 0.13, 0.25,
    0.3,
  ],
} as const;

/** A stream of windows: what the scoring threads would count in five minutes each. */
export class TrafficStream {
  readonly #traffic: SimulatedTraffic;
  readonly #random: SeededRandom;
  readonly #slow = new Map<string, number>();
  readonly #ofDay = new Map<string, number>();
  #day = -1;

  constructor(traffic: SimulatedTraffic, seed: number) {
    this.#traffic = traffic;
    this.#random = new SeededRandom(seed);
  }

  /** The window that begins at this time, epoch milliseconds. */
  window(at: number, drift: PlantedDrift | undefined): BatchStatistics {
    const day = Math.floor(at / DAY);
    if (day !== this.#day) this.#ofDay.clear();
    this.#day = day;
    const cycle = Math.sin((2 * Math.PI * (at % DAY)) / DAY);
    const { messages: average } = this.#traffic;
    const messages = Math.max(1, this.#count(1, average * (1 + 0.6 * cycle)));
    const wander = (what: string) => this.#wander(what, cycle, day);
    const spam = moved(drift?.spam ?? usual.spam, wander('spam'));
    const unknown = moved(drift?.unknownWords ?? usual.unknownWords, 0.3 * wander('words'));
    const added = drift?.newLanguage ?? 0;
    const weights = Object.entries(usual.languages).map(
      ([name, share]) => [name, share * Math.exp(0.5 * wander(name))] as const,
    );
    const sum = weights.reduce((total, [, weight]) => total + weight, 0);
    const languages = Object.fromEntries(
      weights.map(([name, weight]) => [name, this.#share(messages, (1 - added) * (weight / sum))]),
    );
    if (added > 0) languages.xx = this.#share(messages, added);
    const settledScores = scoreLimits.map((_, range) =>
      this.#share(messages, spam * scoresOf.spam[range]! + (1 - spam) * scoresOf.ham[range]!),
    );
    const upTo = (limit: number) =>
      settledScores.reduce((total, count, range) => total + (scoreLimits[range]! <= limit ? count : 0), 0);
    const all = messages * WORDS;
    // Words of one message are alike: as if there were three times fewer.
    const noise = Math.sqrt(3 * this.#traffic.dispersion);
    return {
      ham: upTo(0.5),
      review: upTo(0.7) - upTo(0.5),
      spam: upTo(1) - upTo(0.7),
      ...{ unreadable: 0, decodeSeconds: 0, featurizeSeconds: 0, inferSeconds: 0 },
      ...{ endedAtStage: [], treesEvaluated: 0, treesInAll: 0, scores: { counts: [], sum: 0 } },
      settledScores,
      features: { all, unknown: Math.min(all, this.#count(noise, all * unknown)) },
      languages,
    };
  }

  #wander(what: string, cycle: number, day: number): number {
    const { daily, weekend, days, slow, correlation } = this.#traffic;
    let ofDay = this.#ofDay.get(what);
    if (ofDay === undefined) {
      ofDay = days * this.#normal() + (day % 7 < 2 ? weekend : 0);
      this.#ofDay.set(what, ofDay);
    }
    const before = this.#slow.get(what) ?? slow * this.#normal();
    const now = correlation * before + slow * Math.sqrt(1 - correlation ** 2) * this.#normal();
    this.#slow.set(what, now);
    return daily * cycle + ofDay + now;
  }

  #share(messages: number, share: number): number {
    return this.#count(Math.sqrt(this.#traffic.dispersion), messages * share);
  }

  /** About Poisson's, with a standard deviation so many times as large. */
  #count(times: number, expected: number): number {
    return Math.max(0, Math.round(expected + times * Math.sqrt(expected) * this.#normal()));
  }

  /** Box and Muller. */
  #normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#random.next()));
    return radius * Math.cos(2 * Math.PI * this.#random.next());
  }
}

function moved(share: number, logOdds: number): number {
  return 1 / (1 + Math.exp(-(Math.log(share / (1 - share)) + logOdds)));
}

const subject = { model: 'm', policy: '', baseline: '' };

/** Alarms of each signal in the month after the baseline, without any drift. */
export function falseAlarms(
  traffic: SimulatedTraffic,
  rules: DriftRules,
  seed: number,
  days = 30,
): Readonly<Record<DriftSignal, number>> {
  const stream = new TrafficStream(traffic, seed);
  const monitor = new DriftMonitor(rules, 0);
  const alarms = { scores: 0, features: 0, languages: 0, bands: 0 };
  const before = { scores: false, features: false, languages: false, bands: false };
  const end = (rules.baselineDays + days) * DAY;
  for (let at = 0; at < end; at += WINDOW) {
    run(monitor, stream.window(at, undefined), at);
    const figures = monitor.figures(at, null);
    for (const signal of driftSignals) {
      const { alarm } = figures[signal];
      if (alarm && !before[signal]) alarms[signal]++;
      before[signal] = alarm;
    }
  }
  return alarms;
}

/** Minutes until any signal raises an alarm, and which; undefined where none does within a day. The drift begins at a random time of a week. */
export function timeToAlarm(
  traffic: SimulatedTraffic,
  rules: DriftRules,
  drift: PlantedDrift,
  seed: number,
): { readonly minutes: number; readonly signals: readonly DriftSignal[] } | undefined {
  const stream = new TrafficStream(traffic, seed);
  const monitor = new DriftMonitor(rules, 0);
  const begins = rules.baselineDays * DAY + WINDOW * (12 + new SeededRandom(seed).below(7 * 288));
  for (let at = 0; at < begins + DAY; at += WINDOW) {
    run(monitor, stream.window(at, at >= begins ? drift : undefined), at);
    if (at < begins) continue;
    const figures = monitor.figures(at, null);
    const signals = driftSignals.filter((signal) => figures[signal].alarm);
    if (signals.length > 0) return { minutes: (at + WINDOW - begins) / 60_000, signals };
  }
  return undefined;
}

function run(monitor: DriftMonitor, window: BatchStatistics, at: number): void {
  monitor.add(subject, window, at);
  monitor.tick(at + WINDOW);
}
