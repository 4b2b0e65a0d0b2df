import type { Interval } from '../core/report-facts.ts';

const MINUS = '−';
const DAY = 86_400_000;

/** Digits after the point of a figure in percent, so that two digits of `step` are seen; four at most. */
function digitsFor(step: number): number {
  if (!(step > 0)) return 1;
  return Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(step * 100))));
}

/** A share, 0 … 1, in percent. Near 0 and near 1 it has more digits: `99.97%`. */
export function percent(share: number, digits?: number): string {
  if (!Number.isFinite(share)) return 'not a number';
  const distance = Math.min(Math.abs(share), Math.abs(1 - share));
  const shown = share === 0 || share === 1 ? 0 : Math.max(1, digitsFor(distance));
  return `${signed((share * 100).toFixed(digits ?? shown))}%`;
}

/** `94.1% (92.3 to 95.6)`: as many digits as the width of the interval allows. */
export function percentInterval(figure: Interval): string {
  const { estimate, limits } = percentParts(figure);
  return `${estimate} (${limits})`;
}

/** The estimate, `94.1%`, and the limits, `92.3 to 95.6`. */
export function percentParts({ estimate, low, high }: Interval): {
  readonly estimate: string;
  readonly limits: string;
} {
  const digits = high > low ? digitsFor((high - low) / 2) : undefined;
  const limit = (share: number) => percent(share, digits).slice(0, -1);
  return { estimate: percent(estimate, digits), limits: `${limit(low)} to ${limit(high)}` };
}

/** `0.9931 (0.9902 to 0.9957)` */
export function interval({ estimate, low, high }: Interval): string {
  return `${decimal(estimate)} (${decimal(low)} to ${decimal(high)})`;
}

/** Four digits after the point. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? signed(value.toFixed(4)) : 'not a number';
}

/** Whole, with commas: `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 message`, `12 messages` */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Three digits that count: `0.0123`, `45.6`, `12,345`. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return signed(count(value));
  return signed(String(Number(value.toPrecision(3))));
}

/** With its sign: `+1.23`, `−0.40`. */
export function change(value: number, digits = 2): string {
  const text = signed(value.toFixed(digits));
  return value > 0 ? `+${text}` : text;
}

/** Between two shares, in percentage points. */
export function pointsBetween(one: number, other: number): string {
  const points = (other - one) * 100;
  return points === 0 ? '0 points' : `${change(points, Math.abs(points) < 0.1 ? 3 : 2)} points`;
}

export function bytes(value: number): string {
  if (value < 1000) return `${count(value)} B`;
  return value < 1_000_000 ? `${amount(value / 1000)} KB` : `${amount(value / 1_000_000)} MB`;
}

/** A day in UTC: `2026-11-30`. */
export function day(at: number): string {
  return isDate(at) ? new Date(at).toISOString().slice(0, 10) : 'an unknown day';
}

/** `2026-11-30 21:05 UTC`; without the time where all of `times` are at midnight. */
export function moment(at: number, times: readonly number[] = []): string {
  if (!isDate(at)) return 'an unknown time';
  if (times.length > 0 && times.every((each) => each % DAY === 0)) return day(at);
  return `${day(at)} ${new Date(at).toISOString().slice(11, 16)} UTC`;
}

function isDate(at: number): boolean {
  return Math.abs(at) <= 8.64e15;
}

/** With a minus sign in place of a hyphen, and without `-0`. */
function signed(text: string): string {
  return /^-[0.]+$/.test(text) ? text.slice(1) : text.replace('-', MINUS);
}
