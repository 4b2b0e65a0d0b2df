import * as z from 'zod';
import { type PartCounts, totalOf } from './traffic.ts';

const HOURS = 24;
export const HOUR_MILLISECONDS = 3_600_000;
export const DAY_MILLISECONDS: number = 24 * HOUR_MILLISECONDS;
/** Parts with a smaller share are watched together. */
const LEAST_SHARE = 0.02;
/** Languages that are watched on their own. */
const MOST_PARTS = 6;
/** Where parts without an own place are counted, also those that were never seen before. */
export const OTHER_PARTS = 'other';
/** Days differ, as by the weekend; a change is one beyond so many standard deviations of the days of the baseline. */
const DAY_DEVIATIONS = 3;

const count = z.number().min(0);

/** A window of the baseline: when it began, epoch milliseconds, how many messages it had, and the counts of the signal's parts. */
export const baselineWindowSchema = z.strictObject({
  at: z.number(),
  messages: z.number().int().min(1),
  counts: z.record(z.string(), count),
});
export type BaselineWindow = z.infer<typeof baselineWindowSchema>;

/** What is usual: for each hour of the day (UTC) and part its share, and how much that varies without a cause. */
export const expectationSchema = z.strictObject({
  /** Names of what is watched; a part that is in none of `places` counts to the last. */
  names: z.array(z.string()).min(2),
  places: z.record(z.string(), z.number().int().min(0)),
  /** Per hour of the day: windows that it is known from. */
  windows: z.array(count).length(HOURS),
  /** Per hour of the day, shares by name; empty where the baseline had no window. */
  shares: z.array(z.array(count)).length(HOURS),
  /** By name: variance of a share between windows beyond that of a random draw, scaled up where neighbors move together. */
  variances: z.array(count),
  /** By name: differences of shares that are usual from day to day. */
  tolerances: z.array(count),
});
export type Expectation = z.infer<typeof expectationSchema>;

/** The least change that counts, by the usual share. */
export function leastChange(share: number): number {
  return 0.005 + 0.1 * share * (1 - share);
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MILLISECONDS) % HOURS;
}

/** Shares by the names of `places`; the last of them takes all that has no place. */
export function sharesOf(
  counts: PartCounts,
  { names, places }: Pick<Expectation, 'names' | 'places'>,
): number[] {
  const shares = names.map(() => 0);
  const total = totalOf(counts);
  if (total === 0) return shares;
  for (const [part, found] of Object.entries(counts))
    shares[places[part] ?? names.length - 1]! += found / total;
  return shares;
}

/** Learns what is usual from the windows of a baseline, of which there is at least one. `ordered`: neighbors are put together where they are rare. */
export function expectationOf(windows: readonly BaselineWindow[], ordered?: readonly string[]): Expectation {
  const layout = ordered === undefined ? layoutBySize(windows) : layoutInOrder(windows, ordered);
  const first = Math.min(...windows.map(({ at }) => at));
  const rows = windows.map(({ at, messages, counts }) => ({
    hour: hourOf(at),
    // Whole days, also where the baseline began in the middle of one.
    day: Math.floor((at - first) / DAY_MILLISECONDS),
    messages,
    shares: sharesOf(counts, layout),
  }));
  const byHour = Array.from({ length: HOURS }, (_, hour) => rows.filter((row) => row.hour === hour));
  const shares = byHour.map((ofHour) => (ofHour.length === 0 ? [] : meanShares(ofHour)));
  const spreads = layout.names.map((_, part) =>
    spreadOf(rows.map((row) => ({ ...row, share: row.shares[part]!, usual: shares[row.hour]![part]! }))),
  );
  return {
    ...layout,
    windows: byHour.map(({ length }) => length),
    shares,
    variances: spreads.map(({ variance }) => variance),
    tolerances: spreads.map(({ days }) => DAY_DEVIATIONS * days),
  };
}

function totals(windows: readonly BaselineWindow[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { counts } of windows)
    for (const [part, found] of Object.entries(counts)) sums[part] = (sums[part] ?? 0) + found;
  return sums;
}

function layoutBySize(windows: readonly BaselineWindow[]): Pick<Expectation, 'names' | 'places'> {
  const sums = totals(windows);
  const total = totalOf(sums);
  const large = Object.entries(sums)
    .filter(([, found]) => found >= LEAST_SHARE * total)
    .sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1))
    .slice(0, MOST_PARTS)
    .map(([part]) => part);
  return {
    names: [...large, OTHER_PARTS],
    places: Object.fromEntries(large.map((part, at) => [part, at])),
  };
}

function layoutInOrder(
  windows: readonly BaselineWindow[],
  ordered: readonly string[],
): Pick<Expectation, 'names' | 'places'> {
  const sums = totals(windows);
  const total = totalOf(sums);
  const groups: { readonly parts: string[]; share: number }[] = [];
  for (const part of ordered) {
    const open = groups.at(-1);
    const share = (sums[part] ?? 0) / total;
    const isLast = open !== undefined && open.share < LEAST_SHARE;
    if (isLast) {
      open.parts.push(part);
      open.share += share;
    } else groups.push({ parts: [part], share });
  }
  const last = groups.at(-1)!;
  if (groups.length > 2 && last.share < LEAST_SHARE) {
    groups.pop();
    groups.at(-1)!.parts.push(...last.parts);
  }
  return {
    names: groups.map(({ parts }) => (parts.length === 1 ? parts[0]! : `${parts[0]} to ${parts.at(-1)}`)),
    places: Object.fromEntries(groups.flatMap(({ parts }, at) => parts.map((part) => [part, at]))),
  };
}

function meanShares(
  rows: readonly { readonly messages: number; readonly shares: readonly number[] }[],
): number[] {
  const messages = rows.reduce((sum, row) => sum + row.messages, 0);
  return rows[0]!.shares.map(
    (_, part) => rows.reduce((sum, row) => sum + row.shares[part]! * row.messages, 0) / messages,
  );
}

interface PartRow {
  readonly hour: number;
  readonly day: number;
  readonly messages: number;
  readonly share: number;
  readonly usual: number;
}

/**
 * How the shares of a part vary about those of their hour, by a decomposition into days, hours within days and windows within hours.
 * `days`: standard deviation between days. `variance`: per window, without that of a random draw; where whole hours deviate by more than
 * their windows do alone, as neighbors move together, it is that of the hours times the windows of an hour, so that sums over many windows
 * are not underestimated.
 */
function spreadOf(rows: readonly PartRow[]): { readonly variance: number; readonly days: number } {
  const left = rows.map((row) => ({ ...row, rest: row.share - row.usual }));
  const days = groupBy(left, ({ day }) => day).map((ofDay) => mean(ofDay.map(({ rest }) => rest)));
  const daily = new Map([...new Set(left.map(({ day }) => day))].map((day, at) => [day, days[at]!]));
  const hours = groupBy(left, ({ day, hour }) => day * HOURS + hour).map((ofHour) =>
    ofHour.map((row) => ({
      rest: row.rest - daily.get(row.day)!,
      drawn: drawVariance(row.usual, row.messages),
    })),
  );
  const drawn = mean(hours.flat().map((row) => row.drawn));
  const windows = hours.flat().length;
  const perHour = windows / hours.length;
  let within = 0;
  let between = 0;
  for (const ofHour of hours) {
    const middle = mean(ofHour.map(({ rest }) => rest));
    between += middle ** 2;
    for (const { rest } of ofHour) within += (rest - middle) ** 2;
  }
  const ofWindows = windows > hours.length ? within / (windows - hours.length) - drawn : 0;
  // What the means of days and of hours of the day took away.
  const free = Math.max(1, hours.length - days.length - new Set(left.map(({ hour }) => hour)).size + 1);
  const ofHours = between / free - drawn / perHour;
  return {
    variance: Math.max(0, ofWindows, perHour * ofHours),
    days: days.length < 2 ? 0 : Math.sqrt(days.reduce((sum, day) => sum + day ** 2, 0) / (days.length - 1)),
  };
}

/** Variance of a share among so many messages that are drawn at random. */
export function drawVariance(share: number, messages: number): number {
  const bounded = Math.min(Math.max(share, 1 / messages), 1 - 1 / messages);
  return (Math.max(bounded, 0) * Math.max(1 - bounded, 0)) / messages;
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => number): T[][] {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
