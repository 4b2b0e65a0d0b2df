const LONGEST_SECONDS = 30;
/** A connection that lasted so long was a good one. */
const GOOD_SECONDS = 10;

/** How many connections in a row have failed, after one that lasted so many seconds. */
export function failuresAfter(failures: number, lastedSeconds: number): number {
  return lastedSeconds >= GOOD_SECONDS ? 1 : failures + 1;
}

/**
 * Seconds until the next attempt: 1, 2, 4 and so on, at most 30. Up to half is left to chance, so that all pages do not come back to
 * a server at the same moment. `stated`: by the server, in `Retry-After`. `chance`: 0 to 1.
 */
export function pauseSeconds(failures: number, stated: number, chance: number): number {
  const longest = Math.min(LONGEST_SECONDS, 2 ** Math.max(0, failures - 1));
  return Math.max(Math.min(LONGEST_SECONDS, stated), longest * (1 - chance / 2));
}
