/** Fewer decisions in an hour say little about the pace: a person who has just begun would read of hours for what takes minutes. */
const LEAST = 20;

/** Seconds until the queue is empty at this pace; undefined where hardly anything was decided in the last hour. */
export function secondsToFinish(open: number, perHour: number): number | undefined {
  if (open <= 0) return 0;
  return perHour >= LEAST ? (open / perHour) * 3600 : undefined;
}

/** Largest unit with its number: seconds, minutes, hours or days. */
export function amountOf(seconds: number): {
  readonly count: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
} {
  if (seconds < 90) return { count: Math.round(seconds), unit: 'second' };
  if (seconds < 90 * 60) return { count: Math.round(seconds / 60), unit: 'minute' };
  if (seconds < 36 * 3600) return { count: Math.round(seconds / 3600), unit: 'hour' };
  return { count: Math.round(seconds / 86_400), unit: 'day' };
}
