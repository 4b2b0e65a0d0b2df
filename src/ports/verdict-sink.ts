import type { MessageHeaders } from '../core/batch.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Verdict } from '../core/verdict.ts';

/** Where verdicts are published to the community. */
export interface VerdictSink {
  /**
   * Writes verdicts and returns those that it will never accept; the caller keeps them elsewhere. Throws `SINK_FAILED`
   * (retriable) when it is unavailable or refuses for now. It has then written none, or the error names in `unfinished` what
   * is left; a reader may see a verdict twice, with the same `message_id` and `model`. `headers`: of the message behind each
   * verdict, which are sent with it where the sink has headers.
   */
  publish(
    verdicts: readonly Verdict[],
    headers?: readonly (MessageHeaders | undefined)[],
  ): Promise<readonly Refusal[]>;
  /** Resolves when everything published before is durable. An offset is committed only after that. */
  flush(): Promise<void>;
  /** Why nothing could be published for half a minute; undefined when all is well. Left out by a sink that cannot be unavailable. */
  trouble?(): string | undefined;
  close(): Promise<void>;
}
