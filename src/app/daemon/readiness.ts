import type { Readiness } from '../../http/ops-server.ts';
import type { PipelineHealth } from '../../pipeline/pipeline.ts';
import type { PipelineState } from '../../pipeline/pipeline-state.ts';
import type { SinkName } from '../../ports/sink-names.ts';

/** All that decides whether a daemon is ready, as last measured: finding it out must cost nothing. */
export interface ReadinessFacts extends PipelineHealth {
  readonly hasModel: boolean;
  readonly state: PipelineState;
  /** Of the source; undefined where it delivers. */
  readonly trouble: string | undefined;
  /** Of the scorer; undefined where it scores. */
  readonly scorerTrouble: string | undefined;
  readonly lagAgeSeconds: number;
  /** From which age on the lag counts as unknown. */
  readonly lagOldSeconds: number;
  /** Scoring threads that are there; undefined before they were counted. */
  readonly threads: number | undefined;
  /** Share of the review spool that is used, 0 to 1. */
  readonly spoolFullness: number;
}

/** A sink, or the commits, may fail for so long before the daemon is no longer ready. */
export const FAILING_SECONDS = 30;
/** The next batch of review rows hardly fits. */
const FULL = 0.99;

const sinkTitles: Readonly<Record<SinkName, string>> = {
  verdicts: 'verdicts',
  reviews: 'review rows',
  'dead-letters': 'dead letters',
  trace: 'outcomes of the trace',
  refused: 'refused records',
};

/** Whether the daemon delivers verdicts, and what is missing where it does not. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  const { hasModel, state, trouble, scorerTrouble, lagAgeSeconds, lagOldSeconds, threads, spoolFullness } =
    facts;
  const reasons: string[] = [];
  if (!hasModel) reasons.push('no model is installed');
  if (state !== 'running') reasons.push(`the pipeline is ${state}`);
  if (scorerTrouble !== undefined) reasons.push(`the scorer: ${scorerTrouble}`);
  if (trouble !== undefined) reasons.push(`the source: ${trouble}`);
  if (lagAgeSeconds > lagOldSeconds)
    reasons.push(`the lag has not been measured for ${Math.round(lagAgeSeconds)} s`);
  for (const { sink, seconds, error = 'no answer' } of facts.sinkWaits)
    if (seconds > FAILING_SECONDS)
      reasons.push(`${sinkTitles[sink]} have not been accepted for ${Math.round(seconds)} s (${error})`);
  if (facts.commitsFailingSeconds > FAILING_SECONDS)
    reasons.push(`offsets have not been committed for ${Math.round(facts.commitsFailingSeconds)} s`);
  if (threads === 0) reasons.push('no scoring thread is running');
  if (spoolFullness >= FULL) reasons.push('the review spool is full');
  return { ready: reasons.length === 0, reasons };
}
