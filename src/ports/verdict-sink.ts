import type { MessageHeaders } from '../core/batch.ts';
import type { Verdict } from '../core/verdict.ts';

/** Where verdicts are told to the community. */
export interface VerdictSink {
  /**
   * Writes all or, when it throws `SINK_FAILED` (retriable), none that a reader could see twice without the same
   * `message_id` and `model`. `headers`: of the message behind each verdict, which travel on where there is a place for
   * them.
   */
  publish(verdicts: readonly Verdict[], headers?: readonly (MessageHeaders | undefined)[]): Promise<void>;
  /** Resolves when everything published before is durable. An offset is committed only after that. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
