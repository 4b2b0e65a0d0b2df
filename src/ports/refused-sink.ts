import type { MessageHeaders } from '../core/batch.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { Position } from '../core/topic-partition.ts';
import type { Verdict } from '../core/verdict.ts';
import type { TraceEntry } from './trace-sink.ts';

/** A record that a sink will never accept, whole, so that a person can see to it that it arrives. */
export type RefusedRecord = {
  /** Position of the message behind it. */
  readonly position: Position;
  readonly reason: string;
} & (
  | { readonly sink: 'verdicts'; readonly record: Verdict; readonly headers?: MessageHeaders }
  | { readonly sink: 'dead-letters'; readonly record: DeadLetter }
  | { readonly sink: 'trace'; readonly record: TraceEntry }
);

/** Keeps the records that a sink refused for good, so that they neither get lost nor block the others. */
export interface RefusedSink {
  /** Writes all or none. Throws `SINK_FAILED` (retriable). */
  write(records: readonly RefusedRecord[]): Promise<void>;
  /** Resolves when everything written before is durable. An offset is committed only after that. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
