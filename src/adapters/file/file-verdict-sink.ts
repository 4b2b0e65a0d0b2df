import type { Refusal } from '../../core/refusal.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import type { AppendLog } from './append-log.ts';

/** Verdicts as JSON lines. */
export class FileVerdictSink implements VerdictSink {
  readonly #lines: AppendLog;

  /** Closes `lines` when it is closed. */
  constructor(lines: AppendLog) {
    this.#lines = lines;
  }

  async publish(verdicts: readonly Verdict[]): Promise<readonly Refusal[]> {
    if (verdicts.length === 0) return [];
    await this.#lines.append(`${verdicts.map((verdict) => JSON.stringify(verdict)).join('\n')}\n`);
    return [];
  }

  flush(): Promise<void> {
    return this.#lines.flush();
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
