import type { Refusal } from '../../core/refusal.ts';
import type { TraceEntry, TraceSink } from '../../ports/trace-sink.ts';
import type { AppendLog } from './append-log.ts';

/** The trace as JSON lines: `{topic, partition, offset, community, message_id, outcome, model}`. */
export class FileTraceSink implements TraceSink {
  readonly #lines: AppendLog;

  /** Closes `lines` when it is closed. */
  constructor(lines: AppendLog) {
    this.#lines = lines;
  }

  async publish(entries: readonly TraceEntry[]): Promise<readonly Refusal[]> {
    if (entries.length === 0) return [];
    const lines = entries.map(({ position, community, message_id, outcome, model }) =>
      JSON.stringify({ ...position, community, message_id, outcome, model }),
    );
    await this.#lines.append(`${lines.join('\n')}\n`);
    return [];
  }

  flush(): Promise<void> {
    return this.#lines.flush();
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
