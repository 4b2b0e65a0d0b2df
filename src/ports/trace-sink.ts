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

export interface TraceSink {
  publish(entries: readonly TraceEntry[]): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}
