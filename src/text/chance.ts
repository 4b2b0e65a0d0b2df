/** A source of random numbers in [0, 1). */
export interface Chance {
  next(): number;
}
