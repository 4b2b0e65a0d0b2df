import * as z from 'zod';
import {
  type DriftFigure,
  type DriftFigures,
  type DriftSignal,
  driftSignals,
} from '../core/drift-figures.ts';
import type { BatchStatistics } from '../core/scored-batch.ts';
import { distanceBetween } from './distance.ts';
import { HOUR_MILLISECONDS } from './expectation.ts';
import { SignalWatch, signalMemorySchema } from './signal-watch.ts';
import { addTraffic, noTraffic, scoreRanges, type Traffic, trafficOf } from './traffic.ts';

export interface DriftRules {
  readonly windowMinutes: number;
  /** A window waits for so many messages, an hour at most. */
  readonly leastMessages: number;
  readonly baselineDays: number;
  /** Over all signals, on average. */
  readonly falseAlarmsPerMonth: number;
}

/** What the messages are scored with. */
export interface DriftSubject {
  readonly model: string;
  /** Another one where thresholds are others. */
  readonly policy: string;
  /** Chosen by people: with another one, what is usual is learned again. */
  readonly baseline: string;
}

const counts = z.record(z.string(), z.number().min(0));
const signalParts = z.strictObject({ scores: counts, features: counts, languages: counts, bands: counts });
export const trafficSchema = z.strictObject({ messages: z.number().int().min(0), parts: signalParts });

/** What is kept over a restart. */
export const driftMemorySchema = z.strictObject({
  schema: z.literal(1),
  signals: z.strictObject({
    scores: signalMemorySchema,
    features: signalMemorySchema,
    languages: signalMemorySchema,
    bands: signalMemorySchema,
  }),
  /** Of the model, the last day by hours since the epoch. */
  model: z.string(),
  recent: z.array(z.strictObject({ hour: z.number().int(), traffic: trafficSchema })),
});
export type DriftMemory = z.infer<typeof driftMemorySchema>;

const MINUTES_OF_A_MONTH = 30 * 24 * 60;
const DAY_HOURS = 24;
/** With fewer messages, a distance is mostly chance. */
const LEAST_FOR_DISTANCE = 500;

/**
 * Watches what arrives without knowing any label. Messages are counted in windows; the shares of scores, of words that the model does not
 * know, of languages and of verdicts are compared with those that were usual at the same hour of the day in a baseline, the first days of
 * the model. Cumulative sums raise alarms at a stated rate of false ones; see docs/drift.md. All times are epoch milliseconds.
 */
export class DriftMonitor {
  readonly #rules: DriftRules;
  readonly #watches: Readonly<Record<DriftSignal, SignalWatch>>;
  #recent: DriftMemory['recent'];
  #model: string;
  #subject: DriftSubject | undefined;
  #open: { readonly at: number; traffic: Traffic } | undefined;
  /** When there was last a window with enough messages. */
  #heardAt: number;

  /** `now`: when it starts. */
  constructor(rules: DriftRules, now: number, memory?: DriftMemory) {
    this.#rules = rules;
    this.#heardAt = now;
    this.#recent = memory?.recent ?? [];
    this.#model = memory?.model ?? '';
    const windows = MINUTES_OF_A_MONTH / rules.windowMinutes;
    const runLength = (windows * driftSignals.length) / rules.falseAlarmsPerMonth;
    const watch = (signal: DriftSignal, ordered?: readonly string[]) =>
      new SignalWatch(
        { baselineDays: rules.baselineDays, runLength, ...(ordered === undefined ? {} : { ordered }) },
        memory?.signals[signal],
      );
    this.#watches = {
      scores: watch('scores', scoreRanges),
      features: watch('features'),
      languages: watch('languages'),
      bands: watch('bands'),
    };
  }

  get memory(): DriftMemory {
    const signals = Object.fromEntries(
      driftSignals.map((signal) => [signal, this.#watches[signal].memory]),
    ) as DriftMemory['signals'];
    return { schema: 1, signals, model: this.#model, recent: this.#recent };
  }

  /** Counts a batch. With another subject than before, the window that is open is dropped: it belongs to neither. */
  add(subject: DriftSubject, statistics: BatchStatistics, now: number): void {
    this.#use(subject);
    this.#open ??= { at: now - (now % this.#windowMilliseconds), traffic: noTraffic };
    this.#open.traffic = addTraffic(this.#open.traffic, trafficOf(statistics));
  }

  /** Closes the window where it is over; answers whether it did. */
  tick(now: number): boolean {
    if (this.#open === undefined || now < this.#open.at + this.#windowMilliseconds) return false;
    const { at, traffic } = this.#open;
    if (traffic.messages < this.#rules.leastMessages) {
      if (now - at >= HOUR_MILLISECONDS) this.#open = undefined;
      return false;
    }
    this.#open = undefined;
    this.#heardAt = now;
    this.#remember(at, traffic);
    for (const signal of driftSignals)
      this.#watches[signal].observe({ at, messages: traffic.messages, counts: traffic.parts[signal] });
    return true;
  }

  /** `reference`: what the model was tested on, where that is known. */
  figures(now: number, reference: Traffic | null): DriftFigures {
    const isQuiet = now - this.#heardAt > HOUR_MILLISECONDS + this.#windowMilliseconds;
    const day = reference === null ? noTraffic : this.#lastDay(now);
    return Object.fromEntries(
      driftSignals.map((signal) => {
        const { isLearning, ...figure } = this.#watches[signal].figure();
        const distance =
          reference === null || day.messages < LEAST_FOR_DISTANCE
            ? undefined
            : distanceBetween(day.parts[signal], reference.parts[signal]);
        const state = isQuiet ? 'quiet' : isLearning ? 'learning' : 'watching';
        return [signal, { ...figure, state, fromTraining: distance ?? null } satisfies DriftFigure];
      }),
    ) as Record<DriftSignal, DriftFigure>;
  }

  get #windowMilliseconds(): number {
    return this.#rules.windowMinutes * 60_000;
  }

  #use(subject: DriftSubject): void {
    const before = this.#subject;
    const isSame =
      before?.model === subject.model &&
      before.policy === subject.policy &&
      before.baseline === subject.baseline;
    if (isSame) return;
    this.#subject = subject;
    this.#open = undefined;
    const { model, policy, baseline } = subject;
    if (this.#model !== model) this.#recent = [];
    this.#model = model;
    const { scores, features, languages, bands } = this.#watches;
    scores.use(keyOf(model, policy, baseline));
    bands.use(keyOf(model, policy, baseline));
    features.use(keyOf(model, baseline));
    // What language a message is in does not hang on the model.
    languages.use(keyOf(baseline));
  }

  #remember(at: number, traffic: Traffic): void {
    const hour = Math.floor(at / HOUR_MILLISECONDS);
    const kept = this.#recent.filter((each) => each.hour > hour - DAY_HOURS && each.hour < hour);
    const same = this.#recent.find((each) => each.hour === hour)?.traffic ?? noTraffic;
    this.#recent = [...kept, { hour, traffic: addTraffic(same, traffic) }];
  }

  #lastDay(now: number): Traffic {
    const hour = Math.floor(now / HOUR_MILLISECONDS);
    return this.#recent
      .filter((each) => each.hour > hour - DAY_HOURS)
      .reduce((sum, { traffic }) => addTraffic(sum, traffic), noTraffic);
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
