import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { AppendLog } from './append-log.ts';
import { lineOfDeadLetter } from './dead-letter-line.ts';

/** Dead letters as JSON lines; see `dead-letter-line.ts`. */
export class FileDeadLetterSink implements DeadLetterSink {
  readonly #lines: AppendLog;
  readonly #clock: Pick<Clock, 'now'>;

  /** Closes `lines` when it is closed. */
  constructor(lines: AppendLog, clock: Pick<Clock, 'now'> = Date) {
    this.#lines = lines;
    this.#clock = clock;
  }

  async publish(letters: readonly DeadLetter[]): Promise<readonly Refusal[]> {
    if (letters.length === 0) return [];
    const recordedAt = new Date(this.#clock.now()).toISOString();
    await this.#lines.append(`${letters.map((letter) => lineOfDeadLetter(letter, recordedAt)).join('\n')}\n`);
    return [];
  }

  flush(): Promise<void> {
    return this.#lines.flush();
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
