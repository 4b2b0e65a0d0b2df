import type { DeadLetter } from '../core/dead-letter.ts';

/** Where messages go that could not be read. Failing and flushing as in {@link VerdictSink}. */
export interface DeadLetterSink {
  publish(letters: readonly DeadLetter[]): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}
