import type { Refusal } from '../core/refusal.ts';
import type { Position } from '../core/topic-partition.ts';
import type { Outcome } from '../core/verdict.ts';

/** One line per message read, whatever came of it; what delivery tests count. */
export interface TraceEntry {
  readonly position: Position;
  /** Both are null for a dead letter. */
  readonly community: string | null;
  readonly message_id: string | null;
  readonly outcome: Outcome;
  readonly model: string;
}

/** Where the trace is written. It refuses, fails and flushes as {@link VerdictSink} does. */
export interface TraceSink {
  publish(entries: readonly TraceEntry[]): Promise<readonly Refusal[]>;
  flush(): Promise<void>;
  trouble?(): string | undefined;
  close(): Promise<void>;
}
