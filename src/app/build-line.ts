import { AppendLog } from '../adapters/file/append-log.ts';
import { FileDeadLetterSink } from '../adapters/file/file-dead-letter-sink.ts';
import { FileSource } from '../adapters/file/file-source.ts';
import { FileTraceSink } from '../adapters/file/file-trace-sink.ts';
import { FileVerdictSink } from '../adapters/file/file-verdict-sink.ts';
import { FileScoringJournal } from '../adapters/file/scoring-journal.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { systemClock } from '../pipeline/system-clock.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { ReviewStore } from '../ports/review-store.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TraceSink } from '../ports/trace-sink.ts';
import type { VerdictSink } from '../ports/verdict-sink.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { openReviewStore } from './open-review-store.ts';

export interface LineParts {
  readonly settings: Settings;
  readonly once: boolean;
  readonly scorer: Scorer;
  /** Scores in a process of its own what the daemon crashed under. */
  readonly alone: Scorer;
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
export async function buildLine(parts: LineParts): Promise<Line> {
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  };
  const opened = async <T extends { close(): Promise<void> }>(part: Promise<T>): Promise<T> => {
    const open = await part;
    closers.push(() => open.close());
    return open;
  };
  try {
    return await build(parts, opened, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function build(
  { settings, once, scorer, alone, telemetry, log }: LineParts,
  opened: <T extends { close(): Promise<void> }>(part: Promise<T>) => Promise<T>,
  close: () => Promise<void>,
): Promise<Line> {
  const onKafka = (['source', 'verdicts', 'deadLetters', 'traces'] as const).some(
    (section) => settings[section].kind === 'kafka',
  );
  // Loaded only where it is asked for: the embedded default starts without it.
  const kafka = onKafka ? (await import('./open-kafka.ts')).openKafka(settings, log) : undefined;
  const fileLog = (path: string) => AppendLog.open(path, log);

  const source =
    settings.source.kind === 'kafka' ? await kafka!.source(once) : fileSource(settings, once, log);
  const verdicts = await opened<VerdictSink>(
    settings.verdicts.kind === 'kafka'
      ? kafka!.verdicts()
      : fileLog(settings.verdicts.file.path).then((lines) => new FileVerdictSink(lines)),
  );
  const deadLetters = await opened<DeadLetterSink>(
    settings.deadLetters.kind === 'kafka'
      ? kafka!.deadLetters()
      : fileLog(settings.deadLetters.file.path).then((lines) => new FileDeadLetterSink(lines)),
  );
  const trace =
    settings.trace === 'off'
      ? null
      : await opened<TraceSink>(
          settings.traces.kind === 'kafka'
            ? kafka!.trace()
            : fileLog(settings.traces.file.path).then((lines) => new FileTraceSink(lines)),
        );
  const reviews = await opened<ReviewStore>(openReviewStore(settings.store, telemetry, log));
  const journal = FileScoringJournal.open(settings.state.path, log.child('journal'));
  await opened(Promise.resolve(journal));
  const pipeline = new Pipeline({
    source,
    scorer,
    crashGuard: { journal, alone },
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
  return { pipeline, source, reviews, close };
}

function fileSource(settings: Settings, once: boolean, log: Log): MessageSource {
  const { startAt } = settings.source;
  return new FileSource({
    inbox: settings.source.file.inbox,
    stateDir: settings.state.path,
    maxMessages: settings.batch.maxMessages,
    maxAgeSeconds: settings.batch.maxAgeSeconds,
    maxMessageBytes: settings.messages.maxBytes,
    startAt: startAt === 'latest' ? 'latest' : 'earliest',
    once,
    log: log.child('source'),
    clock: systemClock,
  });
}
