import { AppendLog } from '../../adapters/file/append-log.ts';
import { FileRefusedSink } from '../../adapters/file/file-refused-sink.ts';
import { FileScoringJournal } from '../../adapters/file/scoring-journal.ts';
import { ByteBudget } from '../../core/byte-budget.ts';
import { Pipeline } from '../../pipeline/pipeline.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource } from '../../ports/message-source.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import type { Scorer } from '../../ports/scorer.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import { drainPlan } from '../../settings/drain-plan.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { Closers } from '../closers.ts';
import { adapters } from './adapters.ts';

export interface PipelineParts {
  readonly settings: Settings;
  readonly once: boolean;
  readonly scorer: Scorer;
  /** Scores in a process of its own what the daemon crashed under. */
  readonly alone: Scorer;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** A pipeline with its source and sinks. */
export interface BuiltPipeline {
  readonly pipeline: Pipeline;
  readonly source: MessageSource;
  readonly reviews: ReviewStore;
  /** The review queue for people. */
  readonly decisions: DecisionStore;
  readonly accounts: AccountStore;
  readonly verdicts: VerdictSink;
  /** Of all messages between the source and their outcome. */
  readonly budget: ByteBudget;
  /** Closes sinks and store, each of them; the pipeline closes its source. Throws the first failure. */
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Opens source, sinks and store, each by its kind in the settings, and builds the pipeline between them. */
export async function buildPipeline(parts: PipelineParts): Promise<BuiltPipeline> {
  const closers = new Closers(parts.log);
  try {
    return await build(parts, closers);
  } catch (error) {
    await closers.closeAfterFailure();
    throw error;
  }
}

async function build(
  { settings, once, scorer, alone, telemetry, log }: PipelineParts,
  closers: Closers,
): Promise<BuiltPipeline> {
  const opened = async <T extends { close(): Promise<void> }>(name: string, part: Promise<T>): Promise<T> => {
    const open = await part;
    closers.add(name, () => open.close());
    return open;
  };
  const budget = new ByteBudget(settings.memory.maxMebibytes * MEBIBYTE);
  const context = { settings, log };
  const source = await adapters.source[settings.source.kind].open(context, { once, budget });
  const verdicts = await opened('the verdict sink', adapters.verdicts[settings.verdicts.kind].open(context));
  const deadLetters = await opened(
    'the dead-letter sink',
    adapters.deadLetters[settings.deadLetters.kind].open(context),
  );
  const trace =
    settings.trace === 'off'
      ? null
      : await opened('the trace sink', adapters.traces[settings.traces.kind].open(context));
  const refused = await opened(
    'the file of refused records',
    AppendLog.open(settings.refused.file.path, log).then((lines) => new FileRefusedSink(lines)),
  );
  const { reviews, decisions, accounts } = await adapters.store[settings.store.kind].open(
    settings.store,
    telemetry,
    log,
  );
  await opened('the review store', Promise.resolve(reviews));
  await opened('the review queue for people', Promise.resolve(decisions));
  await opened('the accounts', Promise.resolve(accounts));
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
  return {
    pipeline,
    source,
    reviews,
    decisions,
    accounts,
    verdicts,
    budget,
    close: () => closers.closeAll(),
  };
}
