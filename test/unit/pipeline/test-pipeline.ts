import type { Batch } from '../../../src/core/batch.ts';
import { ByteBudget } from '../../../src/core/byte-budget.ts';
import { Pipeline, type PipelineOptions } from '../../../src/pipeline/pipeline.ts';
import type { MessageSource } from '../../../src/ports/message-source.ts';
import {
  batchOf,
  RecordingLog,
  RecordingSinks,
  recordingTelemetry,
  TextScorer,
  TurnClock,
  turn,
} from './fakes.ts';

/** A pipeline between fakes. */
export function lineOf(
  source: MessageSource,
  options: Partial<PipelineOptions> & { traced?: boolean; budgetBytes?: number } = {},
) {
  const scorer = new TextScorer();
  const sinks = new RecordingSinks();
  const clock = new TurnClock();
  const log = new RecordingLog();
  const { telemetry, calls } = recordingTelemetry();
  const { traced = false, budgetBytes = 1_000_000, ...rest } = options;
  const budget = new ByteBudget(budgetBytes);
  const pipeline = new Pipeline({
    source,
    scorer,
    ...sinks,
    trace: traced ? sinks.trace : null,
    telemetry,
    log,
    clock,
    budget,
    options: {
      mode: 'enforce',
      maxInFlight: 3,
      commitIntervalSeconds: 1,
      maxCommitFailureSeconds: 60,
      abandonSeconds: 1,
      ...rest,
    },
  });
  return { pipeline, scorer, sinks, clock, log, calls, budget };
}

/** `count` batches of two messages of one partition. */
export function batches(count: number): Batch[] {
  return Array.from({ length: count }, (_, i) => batchOf([`spam-${i}`, `ham-${i}`], { start: 2 * i }));
}

export async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    if (turns > 10_000) throw new Error('it never came to that');
    await turn();
  }
}

export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
