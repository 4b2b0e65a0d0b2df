/**
 * A record that a sink will never accept, however often it is sent: too large in any form, a topic name that the broker
 * refuses, a value that the database cannot hold. A sink that is unavailable, or refuses only for now, throws instead.
 */
export interface Refusal {
  /** Index into the records of the call. */
  readonly index: number;
  /** Why, for a person: never contains the message's text. */
  readonly reason: string;
}

/**
 * How far a call came that failed: a record in neither list was accepted and must not be sent again. A sink that knows it
 * attaches it to the error that it throws; without it, all records of the call have to be sent again.
 */
export interface Unfinished {
  readonly refusals: readonly Refusal[];
  /** Indices of the records that were neither accepted nor refused. */
  readonly open: readonly number[];
}
