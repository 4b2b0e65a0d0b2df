import { AppendLog } from '../../adapters/file/append-log.ts';
import { FileDeadLetterSink } from '../../adapters/file/file-dead-letter-sink.ts';
import { FileRefusedSink } from '../../adapters/file/file-refused-sink.ts';
import { FileSource } from '../../adapters/file/file-source.ts';
import { FileTraceSink } from '../../adapters/file/file-trace-sink.ts';
import { FileVerdictSink } from '../../adapters/file/file-verdict-sink.ts';
import { FileScoringJournal } from '../../adapters/file/scoring-journal.ts';
import { ByteBudget } from '../../core/byte-budget.ts';
import { Pipeline } from '../../pipeline/pipeline.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource } from '../../ports/message-source.ts';
import type { RefusedSink } from '../../ports/refused-sink.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import type { Scorer } from '../../ports/scorer.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TraceSink } from '../../ports/trace-sink.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import { drainPlan } from '../../settings/drain-plan.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { Closers } from '../closers.ts';
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
  /** Of all messages between the source and their outcome. */
  readonly budget: ByteBudget;
  /** Closes sinks and store, each of them; the pipeline closes its source. Throws the first failure. */
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** The one place that decides which adapter is behind which port of the pipeline. */
export async function buildLine(parts: LineParts): Promise<Line> {
  const closers = new Closers(parts.log);
  try {
    return await build(parts, closers);
  } catch (error) {
    await closers.closeAfterFailure();
    throw error;
  }
}

async function build(
  { settings, once, scorer, alone, telemetry, log }: LineParts,
  closers: Closers,
): Promise<Line> {
  const opened = async <T extends { close(): Promise<void> }>(name: string, part: Promise<T>): Promise<T> => {
    const open = await part;
    closers.add(name, () => open.close());
    return open;
  };
  const budget = new ByteBudget(settings.memory.maxMebibytes * MEBIBYTE);
  const onKafka = (['source', 'verdicts', 'deadLetters', 'traces'] as const).some(
    (section) => settings[section].kind === 'kafka',
  );
  // Loaded only where it is asked for: the embedded default starts without it.
  const kafka = onKafka ? (await import('./open-kafka.ts')).openKafka(settings, log) : undefined;
  const fileLog = (path: string) => AppendLog.open(path, log);

  const source =
    settings.source.kind === 'kafka' ? await kafka!.source(once, budget) : fileSource(settings, once, log);
  const verdicts = await opened<VerdictSink>(
    'the verdict sink',
    settings.verdicts.kind === 'kafka'
      ? kafka!.verdicts()
      : fileLog(settings.verdicts.file.path).then((lines) => new FileVerdictSink(lines)),
  );
  const deadLetters = await opened<DeadLetterSink>(
    'the dead-letter sink',
    settings.deadLetters.kind === 'kafka'
      ? kafka!.deadLetters()
      : fileLog(settings.deadLetters.file.path).then((lines) => new FileDeadLetterSink(lines)),
  );
  const trace =
    settings.trace === 'off'
      ? null
      : await opened<TraceSink>(
          'the trace sink',
          settings.traces.kind === 'kafka'
            ? kafka!.trace()
            : fileLog(settings.traces.file.path).then((lines) => new FileTraceSink(lines)),
        );
  const refused = await opened<RefusedSink>(
    'the file of refused records',
    fileLog(settings.refused.file.path).then((lines) => new FileRefusedSink(lines)),
  );
  const reviews = await opened<ReviewStore>(
    'the review store',
    openReviewStore(settings.store, telemetry, log),
  );
  const journal = FileScoringJournal.open(settings.state.path, log.child('journal'));
  await opened('the scoring journal', Promise.resolve(journal));
  const pipeline = new Pipeline({
    source,
    scorer,
    crashGuard: { journal, alone },
    verdicts,
    reviews,
    deadLetters,
    trace,
    refused,
    telemetry,
    log,
    clock: systemClock,
    budget,
    options: {
      mode: settings.mode,
      maxInFlight: settings.pool.maxInFlight,
      commitIntervalSeconds: settings.commit.intervalSeconds,
      maxCommitFailureSeconds: settings.commit.maxFailureSeconds,
      abandonSeconds: drainPlan(settings.drain.deadlineSeconds).stepSeconds,
    },
  });
  return { pipeline, source, reviews, budget, close: () => closers.closeAll() };
}

function fileSource(settings: Settings, once: boolean, log: Log): MessageSource {
  const { startAt } = settings.source;
  return new FileSource({
    inbox: settings.source.file.inbox,
    stateDir: settings.state.path,
    ownFiles: [
      settings.verdicts.file.path,
      settings.deadLetters.file.path,
      settings.traces.file.path,
      settings.refused.file.path,
      settings.store.libsql.path,
    ],
    maxMessages: settings.batch.maxMessages,
    maxAgeSeconds: settings.batch.maxAgeSeconds,
    maxMessageBytes: settings.messages.maxBytes,
    startAt: startAt === 'latest' ? 'latest' : 'earliest',
    once,
    log: log.child('source'),
    clock: systemClock,
  });
}
