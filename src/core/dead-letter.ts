import type { MessageHeaders } from './batch.ts';
import type { UnreadableReason } from './message.ts';
import type { Position } from './topic-partition.ts';

export type DeadLetterReason = UnreadableReason | 'kills-scorer';

/** A message that could not be read, with why, where it was, and its bytes as they came. */
export interface DeadLetter {
  readonly position: Position;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly bytes: Uint8Array;
  readonly headers?: MessageHeaders;
  readonly key?: Uint8Array;
  /** The record's own time, epoch milliseconds. */
  readonly timestamp?: number;
}
