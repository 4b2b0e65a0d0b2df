/**
 * Finds a feature's id by the 64-bit hash of its name (two unsigned 32-bit halves). Serving looks up in a fixed
 * vocabulary; training gives new ids on the fly. Both are fed by the same featurizer, so they cannot drift.
 */
export interface TermTable {
  /** The feature's id, or -1. `name` is only called by a table that collects names. */
  find(hashHigh: number, hashLow: number, name: () => string): number;
}
