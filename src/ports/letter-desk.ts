import type { Actor } from '../core/decision.ts';
import type { Position } from '../core/topic-partition.ts';

/** Which dead letters; all that are named have to hold. */
export interface LetterFilter {
  readonly reason?: string;
  /** Topic, or file of the inbox, that the message came from. */
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  /** Stored at or after, before; epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

export type ListedLetter =
  | {
      readonly kind: 'letter';
      readonly id: string;
      readonly reason: string;
      readonly detail: string;
      /** Where its message was. */
      readonly position: Position;
      /** Epoch milliseconds; 0 where it is not known. */
      readonly storedAt: number;
      /** Length of the message. */
      readonly size: number;
      /** Its beginning, or all of it. */
      readonly bytes: Uint8Array;
      readonly isReplayed: boolean;
      /** Why it can never be sent to the source; null where it can. */
      readonly unsendable: string | null;
    }
  | { readonly kind: 'erased' | 'unreadable'; readonly id: string; readonly length: number };

export interface LetterPage {
  /** Newest first; may be empty although there are more. */
  readonly entries: readonly ListedLetter[];
  readonly next: string | null;
  /** Letters since then were looked at, epoch milliseconds; null for all. */
  readonly since: number | null;
  readonly isComplete: boolean;
}

/** `left`: the request would have become too large. */
export type ReplayOutcome = 'replayed' | 'already-replayed' | 'cannot-be-sent' | 'gone' | 'left';

export interface LetterReplay {
  readonly letters: readonly {
    readonly id: string;
    readonly outcome: ReplayOutcome;
    readonly detail: string | null;
  }[];
  /** Whether more letters match the filter, which were not looked at. */
  readonly more: boolean;
}

/** At most so many letters are replayed by one request. */
export const MOST_REPLAYED = 200;

/** The dead letters, for people. Throws `ROLE_REFUSED` for all but leads, and what cannot be read or sent: `DATA_UNREADABLE`, `SOURCE_FAILED`, `SINK_FAILED`. */
export interface LetterDesk {
  list(
    actor: Actor,
    query: {
      readonly filter: LetterFilter;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ): Promise<LetterPage>;
  /**
   * Sends letters to the source again, each once over all replays of this state folder. The same request with the same key
   * returns the first answer. Returns undefined while another replay runs. Throws `KEY_REUSED`.
   */
  replay(
    actor: Actor,
    wanted: { readonly ids: readonly string[] } | { readonly filter: LetterFilter },
    key: string | null,
  ): Promise<LetterReplay | undefined>;
}
