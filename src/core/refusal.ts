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
