import type { DeadLetter } from '../core/dead-letter.ts';
import type { Refusal } from '../core/refusal.ts';

/** Where messages go that could not be read. It refuses, fails and flushes as {@link VerdictSink} does. */
export interface DeadLetterSink {
  publish(letters: readonly DeadLetter[]): Promise<readonly Refusal[]>;
  flush(): Promise<void>;
  trouble?(): string | undefined;
  close(): Promise<void>;
}
