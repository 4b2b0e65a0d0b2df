import type { DeadLetterReason } from '../core/dead-letter.ts';
import type { DecisionPolicy } from '../core/decision-policy.ts';
import type { DriftFigures } from '../core/drift-figures.ts';
import type { GuardCounts, GuardState } from '../core/guard-counts.ts';
import type { AuditReport } from '../core/report-facts.ts';
import type { RetrainState } from '../core/retrain-run.ts';
import type { BatchStatistics } from '../core/scored-batch.ts';
import type { VerdictName } from '../core/verdict.ts';
import type { PartitionLag } from './message-source.ts';
import type { ReviewState } from './review-store.ts';
import type { RefusingSink, SinkName } from './sink-names.ts';

/** What the daemon can say of itself without asking any service, measured on a timer. */
export interface Health {
  /** The consumer group, and whether the source is a member of it; undefined where it has none. */
  readonly membership: { readonly group: string; readonly isMember: boolean } | undefined;
  /** Partitions that are assigned to the source, or files that it has found; undefined before that is known. */
  readonly partitions: number | undefined;
  /** Seconds since the lag was last measured with success, or since the start if it never was. */
  readonly lagAgeSeconds: number;
  /** Seconds since commits began to fail; 0 while they work. */
  readonly commitsFailingSeconds: number;
  /** For each sink, how many seconds the oldest batch that it has not accepted has waited; 0 where none waits. */
  readonly sinkWaitSeconds: Readonly<Record<SinkName, number>>;
  readonly memory: { readonly usedBytes: number; readonly limitBytes: number };
}

/** What happened, in the past tense; called once per batch or more rarely, never per message. */
export interface Telemetry {
  batchPulled(batch: { readonly messages: number; readonly inFlight: number }): void;
  batchScored(batch: {
    readonly model: string;
    readonly queueSeconds: number;
    readonly statistics: BatchStatistics;
  }): void;
  batchRouted(batch: { readonly seconds: number; readonly endToEndSeconds: readonly number[] }): void;
  batchRetried(stage: 'score' | 'route' | 'commit'): void;
  /** `oldestSeconds`: since the oldest open row came, 0 where there is none. */
  reviewsMeasured(reviews: {
    readonly counts: Readonly<Record<ReviewState, number>>;
    readonly oldestSeconds: number;
  }): void;
  messagesDeadLettered(reason: DeadLetterReason, count: number): void;
  /** A sink will never accept them; they were put into the file of refused records. */
  recordsRefused(sink: RefusingSink, count: number): void;
  /** Records without a value, which hold no message. */
  tombstonesSkipped(count: number): void;
  reviewItemsAdded(count: number): void;
  /** Verdicts of decisions that wait for their publication, and seconds since the oldest was decided; 0 where none waits. */
  outboxMeasured(outbox: { readonly rows: number; readonly oldestSeconds: number }): void;
  /** `rows`: what waits on this machine for the review store; `fullness`: of the place it may take there, 0 to 1. */
  spoolMeasured(spool: { readonly rows: number; readonly fullness: number }): void;
  /** `circuitOpen`: it has failed so often that it is left alone for a while; left out where there is no such circuit. */
  dependencyMeasured(dependency: {
    readonly dependency: 'mysql' | 'kafka';
    readonly up: boolean;
    readonly circuitOpen?: boolean;
  }): void;
  healthMeasured(health: Health): void;
  offsetsCommitted(commit: { readonly partitions: number; readonly seconds: number }): void;
  lagMeasured(lag: readonly PartitionLag[]): void;
  /** So many partitions are not fetched from at present, since what was fetched of them waits. */
  partitionsPaused(partitions: number): void;
  modelInstalled(model: { readonly version: string; readonly sha256: string }): void;
  modelRefused(reason: string): void;
  /** `awaited`: the version that was named can't be had, as it is not there or its store does not answer, and is tried again. */
  modelAwaited(awaited: boolean): void;
  /** Of the active model. */
  guardMeasured(guard: { readonly state: GuardState; readonly counts: GuardCounts }): void;
  /** Spam verdicts of the active model that became review. */
  spamHeld(count: number): void;
  /** So many messages got these verdicts by the active model and by the shadow. */
  shadowCompared(active: VerdictName, shadow: VerdictName, messages: number): void;
  /** Messages of the sample that the shadow did not score: there were too many at once, or it failed. */
  shadowLeftOut(reason: 'queue' | 'failed', messages: number): void;
  /** `hasReference`: it is known what the model was tested on. */
  driftMeasured(drift: { readonly figures: DriftFigures; readonly hasReference: boolean }): void;
  /** By state, when the last retraining that is in it ended, or began where it has not; epoch milliseconds. */
  retrainingsMeasured(last: { readonly [State in RetrainState]?: number }): void;
  /** Of the campaign of the most members; 0 where there is none. */
  campaignsMeasured(largest: { readonly members: number; readonly open: number }): void;
  /** Rates by the audit sample. */
  auditMeasured(report: AuditReport): void;
  policyApplied(policy: DecisionPolicy): void;
  settingsReloaded(result: 'applied' | 'refused' | 'unchanged'): void;
  poolMeasured(pool: {
    readonly threads: number;
    readonly threadsWanted: number;
    readonly queued: number;
    readonly utilization: number;
  }): void;
  threadLost(): void;
  stateEntered(state: string): void;
}
