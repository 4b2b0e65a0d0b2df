import * as z from 'zod';
import type { DriftChange, DriftFigure } from '../core/drift-figures.ts';
import { limitFor, nextSum } from './cusum.ts';
import {
  type BaselineWindow,
  baselineWindowSchema,
  DAY_MILLISECONDS,
  drawVariance,
  type Expectation,
  expectationOf,
  expectationSchema,
  hourOf,
  leastChange,
  OTHER_PARTS,
  sharesOf,
} from './expectation.ts';
import type { PartCounts } from './traffic.ts';

export interface SignalRule {
  readonly baselineDays: number;
  /** Windows, on average, between two false alarms of this signal. */
  readonly runLength: number;
  /** The parts in their order, where neighbors may be put together; else they are taken by size. */
  readonly ordered?: readonly string[];
}

/** A cumulative sum of one part and side, with the shares since it was last zero. */
const sumSchema = z.strictObject({
  sum: z.number().min(0),
  windows: z.number().int().min(0),
  expected: z.number(),
  found: z.number(),
});
type PartSum = z.infer<typeof sumSchema>;

const noSum: PartSum = { sum: 0, windows: 0, expected: 0, found: 0 };

/** What is kept of a signal over a restart. */
export const signalMemorySchema = z.strictObject({
  /** What the baseline is of; with another, a new one begins. */
  key: z.string(),
  baseline: z.array(baselineWindowSchema),
  /** Null while the baseline is being recorded, which is empty afterwards. */
  expectation: expectationSchema.nullable(),
  /** Per name of the expectation, upwards and downwards. */
  sums: z.array(sumSchema),
  alarm: z.boolean(),
  /** Of the last window the part without a place of its own that is the largest. */
  largestOther: z.string(),
});
export type SignalMemory = z.infer<typeof signalMemorySchema>;

/** A baseline with fewer windows says nothing of their variance. */
const LEAST_WINDOWS = 48;
/** An alarm ends when all sums are below this share of the limit. */
const ENDS_BELOW = 0.5;
const MOST_CHANGES = 3;

/** Watches one signal: first records what is usual, then compares each window with it. */
export class SignalWatch {
  readonly #rule: SignalRule;
  #memory: SignalMemory;
  #limit = Number.POSITIVE_INFINITY;
  /** Days of the baseline that have windows, from its first window on. */
  #days = new Set<number>();

  constructor(rule: SignalRule, memory?: SignalMemory) {
    this.#rule = rule;
    this.#memory = memory ?? newMemory('');
    for (const { at } of this.#memory.baseline) this.#countDay(at);
    this.#setLimit();
  }

  get memory(): SignalMemory {
    return this.#memory;
  }

  /** Starts a new baseline where the key is another one. */
  use(key: string): void {
    if (this.#memory.key === key) return;
    this.#memory = newMemory(key);
    this.#days = new Set();
    this.#setLimit();
  }

  /** Takes a window that is over; one without counts of this signal changes nothing. */
  observe(window: BaselineWindow): void {
    if (Object.keys(window.counts).length === 0) return;
    if (this.#memory.expectation === null) this.#learn(window);
    else this.#compare(window, this.#memory.expectation);
  }

  figure(): Omit<DriftFigure, 'state' | 'fromTraining'> & { readonly isLearning: boolean } {
    const { expectation, sums, alarm } = this.#memory;
    const highest = sums.reduce((most, { sum }) => Math.max(most, sum), 0);
    return {
      isLearning: expectation === null,
      baseline: expectation === null ? this.#progress() : 1,
      score: expectation === null ? 0 : highest / this.#limit,
      alarm,
      changes: alarm ? this.#changes() : [],
    };
  }

  #learn(window: BaselineWindow): void {
    const { baseline } = this.#memory;
    baseline.push(window);
    this.#countDay(window.at);
    if (this.#progress() < 1) return;
    const expectation = expectationOf(baseline, this.#rule.ordered);
    const sums = expectation.names.flatMap(() => [noSum, noSum]);
    this.#memory = { ...this.#memory, baseline: [], expectation, sums };
    this.#setLimit();
  }

  #countDay(at: number): void {
    this.#days.add(Math.floor((at - this.#memory.baseline[0]!.at) / DAY_MILLISECONDS));
  }

  /** By days that have windows: those on which nothing ran do not count. */
  #progress(): number {
    const { length } = this.#memory.baseline;
    // The last of the days has to be over, which the first window of another shows.
    return Math.max(0, Math.min(1, (this.#days.size - 1) / this.#rule.baselineDays, length / LEAST_WINDOWS));
  }

  #compare(window: BaselineWindow, expectation: Expectation): void {
    const hour = hourOf(window.at);
    const usual = expectation.shares[hour]!;
    // At this hour of the day nothing is known to be usual.
    if (usual.length === 0) return;
    const found = sharesOf(window.counts, expectation);
    const uncertain = 1 + 1 / expectation.windows[hour]!;
    const sums = usual.flatMap((expected, part) => {
      const tolerance = Math.max(expectation.tolerances[part]!, leastChange(expected));
      const variance = (drawVariance(expected, window.messages) + expectation.variances[part]!) * uncertain;
      const deviation = Math.sqrt(variance);
      const change = found[part]! - expected;
      return [change, -change].map((towards, side) => {
        const before = this.#memory.sums[2 * part + side]!;
        const sum = nextSum(before.sum, (towards - tolerance) / deviation, this.#limit);
        if (sum === 0) return noSum;
        return {
          sum,
          windows: before.windows + 1,
          expected: before.expected + expected,
          found: before.found + found[part]!,
        };
      });
    });
    const highest = sums.reduce((most, { sum }) => Math.max(most, sum), 0);
    const alarm = highest >= this.#limit || (this.#memory.alarm && highest >= ENDS_BELOW * this.#limit);
    this.#memory = { ...this.#memory, sums, alarm, largestOther: largestOther(window.counts, expectation) };
  }

  #changes(): DriftChange[] {
    const { expectation, sums, largestOther } = this.#memory;
    return sums
      .map((sum, at) => ({ ...sum, name: expectation!.names[at >> 1]! }))
      .filter(({ sum }) => sum >= ENDS_BELOW * this.#limit)
      .sort((a, b) => b.sum - a.sum)
      .slice(0, MOST_CHANGES)
      .map(({ name, windows, expected, found }) => ({
        part: name === OTHER_PARTS && largestOther !== '' ? `other, most of all ${largestOther}` : name,
        expected: expected / windows,
        found: found / windows,
      }));
  }

  /** Each sum may raise a false alarm as often as its share of the signal's run length. */
  #setLimit(): void {
    const { sums } = this.#memory;
    this.#limit = sums.length === 0 ? Number.POSITIVE_INFINITY : limitFor(this.#rule.runLength * sums.length);
  }
}

function newMemory(key: string): SignalMemory {
  return { key, baseline: [], expectation: null, sums: [], alarm: false, largestOther: '' };
}

function largestOther(counts: PartCounts, { places }: Expectation): string {
  let [largest, most] = ['', 0];
  for (const [part, found] of Object.entries(counts))
    if (places[part] === undefined && found > most) [largest, most] = [part, found];
  return largest;
}
