import type { Batch } from '../core/batch.ts';
import type { TopicPartition } from '../core/topic-partition.ts';

/** Remembers, beyond a crash of the process, which messages were being scored. It never throws: without it messages are scored too. */
export interface ScoringJournal {
  /** Notes that the messages of the batch are scored from now on. Returns the function that notes that they have been. */
  begin(batch: Batch): () => void;
  /**
   * Returns a function that tests by offset whether a message of the partition was being scored at each of several crashes in a
   * row; undefined if none was. Such a message must be scored where it cannot end this process. It need not be the cause.
   */
  suspectsIn(at: TopicPartition): ((offset: number) => boolean) | undefined;
}
