import { AppendLog } from '../adapters/file/append-log.ts';
import { FileDeadLetterSink } from '../adapters/file/file-dead-letter-sink.ts';
import { FileSource } from '../adapters/file/file-source.ts';
import { FileTraceSink } from '../adapters/file/file-trace-sink.ts';
import { FileVerdictSink } from '../adapters/file/file-verdict-sink.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { systemClock } from '../pipeline/system-clock.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { ReviewStore } from '../ports/review-store.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { openReviewStore } from './open-review-store.ts';

export interface LineParts {
  readonly settings: Settings;
  readonly once: boolean;
  readonly scorer: Scorer;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

export interface Line {
  readonly pipeline: Pipeline;
  readonly source: MessageSource;
  readonly reviews: ReviewStore;
  /** Closes sinks and store; the pipeline closes its source. */
  close(): Promise<void>;
}

/** The one place that says which adapter stands behind which port of the line. */
export async function buildLine({ settings, once, scorer, telemetry, log }: LineParts): Promise<Line> {
  const source = new FileSource({
    inbox: settings.source.file.inbox,
    stateDir: settings.state.path,
    maxMessages: settings.batch.maxMessages,
    maxAgeSeconds: settings.batch.maxAgeSeconds,
    maxMessageBytes: settings.messages.maxBytes,
    startAt: settings.source.startAt,
    once,
    log: log.child('source'),
    clock: systemClock,
  });
  const verdicts = new FileVerdictSink(await AppendLog.open(settings.verdicts.file.path, log));
  const deadLetters = new FileDeadLetterSink(await AppendLog.open(settings.deadLetters.file.path, log));
  const trace =
    settings.trace === 'all' ? new FileTraceSink(await AppendLog.open(settings.traces.file.path, log)) : null;
  const reviews = await openReviewStore(settings.store, telemetry, log);
  const pipeline = new Pipeline({
    source,
    scorer,
    verdicts,
    reviews,
    deadLetters,
    trace,
    telemetry,
    log,
    clock: systemClock,
    options: {
      mode: settings.mode,
      maxInFlight: settings.pool.maxInFlight,
      commitIntervalSeconds: settings.commit.intervalSeconds,
    },
  });
  return {
    pipeline,
    source,
    reviews,
    close: async () => {
      await Promise.all([verdicts.close(), deadLetters.close(), trace?.close(), reviews.close()]);
    },
  };
}
