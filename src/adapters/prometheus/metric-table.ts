import { guardStates } from '../../core/guard-counts.ts';
import { scoreLimits } from '../../core/score-counts.ts';
import { verdictNames } from '../../core/verdict.ts';
import { reviewStates } from '../../ports/review-store.ts';
import { refusingSinks, sinkNames } from '../../ports/sink-names.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { evidenceMetrics, mostAuditGroups } from './evidence-metrics.ts';

/** What a label may hold. `most`: how many values one process shows at a time; the series of a metric are their product. */
export interface LabelFacts {
  readonly values: string;
  readonly most: number;
}

interface MetricFacts {
  readonly help: string;
  /** The event whose only figure this metric shows: a counter adds it (1 if the event has none), a gauge is set to it (true is 1). */
  readonly event?: keyof Telemetry;
  readonly labels?: Readonly<Record<string, LabelFacts>>;
  /** Series at most, where fewer combinations of the labels are shown than there could be. */
  readonly most?: number;
}

export type MetricDefinition = MetricFacts &
  (
    | { readonly type: 'counter' | 'gauge' }
    /** `buckets`: upper limits, ascending, in the metric's unit; +Inf is added. A `counted` one receives counts, not values. */
    | { readonly type: 'histogram'; readonly buckets: readonly number[]; readonly counted?: true }
  );

/** Label values that a process may show at a time; what comes beyond is summed under {@link otherLabel} or let go. */
export const labelCaps = {
  /** Versions that keep their own counters. The oldest one's series end when a newer one needs the place. */
  models: 3,
  /** Versions that keep the histogram of their scores. */
  scoredModels: 2,
  /** Partitions shown on their own, those furthest behind first. */
  partitions: 32,
  /** Partitions of a consumer group shown on their own, those furthest behind first. */
  groupPartitions: 32,
  /** Groups of each kind that have rates of their own by the audit sample; the largest ones. */
  auditGroups: mostAuditGroups,
  /** Stages of a model shown on their own. */
  evaluationStages: 24,
} as const;

export const otherLabel = 'other';

/** `ham`, `review` and `spam` of the scorer, and `error` for what it could not read. */
export const countedVerdicts = [...verdictNames, 'error'] as const;

/** Steps of the pipeline whose seconds are measured, each once per batch. */
export const timedStages = ['queue', 'decode', 'featurize', 'infer', 'publish', 'commit'] as const;

const modelLabel: LabelFacts = {
  values: `model version; the newest ${labelCaps.models}`,
  most: labelCaps.models,
};

const sinkLabel = { sink: { values: sinkNames.join(', '), most: sinkNames.length } } as const;

const groupPartitionLabels = {
  consumergroup: { values: 'consumer group', most: 1 },
  topic: { values: 'topic of the messages', most: 1 },
  partition: {
    values: `partition; the ${labelCaps.groupPartitions} furthest behind`,
    most: labelCaps.groupPartitions,
  },
} as const satisfies Readonly<Record<string, LabelFacts>>;

/**
 * Every metric of Sluice's own: name, type, labels, help and buckets. Units are base units and part of the name.
 * Nothing here is labeled by message or sender, and by community for the largest ones alone, so the number of series does not grow with use.
 */
export const metricTable = {
  sluice_messages_total: {
    type: 'counter',
    help: 'Messages scored, by result. A batch that is scored again counts again.',
    labels: {
      verdict: { values: countedVerdicts.join(', '), most: countedVerdicts.length },
      model: modelLabel,
    },
  },
  sluice_score: {
    type: 'histogram',
    counted: true,
    help: 'Probability of spam of the messages that were evaluated in full; with decide.exactScores other than all, ham is mostly not among them.',
    labels: {
      model: { values: `model version; the newest ${labelCaps.scoredModels}`, most: labelCaps.scoredModels },
    },
    buckets: scoreLimits,
  },
  sluice_stage_duration_seconds: {
    type: 'histogram',
    help: 'Seconds that one batch spent in a stage; queue is the wait for a free thread.',
    labels: { stage: { values: timedStages.join(', '), most: timedStages.length } },
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  },
  sluice_end_to_end_seconds: {
    type: 'histogram',
    help: 'Seconds from the arrival of a message at the source to its durable outcome; a few samples of each batch.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
  sluice_batch_messages: {
    type: 'histogram',
    help: 'Messages in a batch as pulled from the source.',
    buckets: [1, 4, 16, 64, 256, 512, 1024, 2048, 4096, 16384],
  },
  sluice_in_flight_batches: {
    type: 'gauge',
    help: 'Batches pulled and not settled, when a batch was last pulled or routed.',
  },
  sluice_batch_retries_total: {
    type: 'counter',
    help: 'Batches tried again.',
    labels: { stage: { values: 'score, route, commit', most: 3 } },
  },
  sluice_evaluation_ended_total: {
    type: 'counter',
    help: 'Messages, by the stage of the model after which their scoring ended; the last stage means full evaluation.',
    labels: {
      stage: {
        values: `index into the manifest's stages, from 0; from ${labelCaps.evaluationStages} on: ${otherLabel}`,
        most: labelCaps.evaluationStages + 1,
      },
    },
  },
  sluice_trees_evaluated_total: { type: 'counter', help: 'Trees evaluated, summed over messages.' },
  sluice_trees_full_evaluation_total: {
    type: 'counter',
    help: 'Trees that full evaluation of the same messages would have taken.',
  },
  sluice_pool_workers: { type: 'gauge', help: 'Threads that score.' },
  sluice_pool_workers_wanted: { type: 'gauge', help: 'Threads that should score: the setting pool.threads.' },
  sluice_pool_queue_size: { type: 'gauge', help: 'Batches that wait for a free thread.' },
  sluice_pool_utilization_ratio: {
    type: 'gauge',
    help: 'Share of the time that the threads were scoring, 0 to 1.',
  },
  sluice_pool_threads_lost_total: {
    type: 'counter',
    event: 'threadLost',
    help: 'Threads that died and were replaced.',
  },
  sluice_source_lag: {
    type: 'gauge',
    help: "High watermark minus committed offset, in the source's unit: records, or bytes of a file.",
    labels: {
      topic: {
        values: `topic, or name of the file; beyond the ${labelCaps.partitions} furthest behind: ${otherLabel}`,
        most: labelCaps.partitions + 1,
      },
      partition: { values: `partition of the topic, or ${otherLabel}`, most: 1 },
    },
  },
  kafka_consumergroup_lag: {
    type: 'gauge',
    help: 'Lag of the group in records, for each partition that this daemon has. The name is that of kafka_exporter.',
    labels: groupPartitionLabels,
  },
  kafka_consumergroup_lag_sum: {
    type: 'gauge',
    help: 'Sum of the lag over the partitions that this daemon has.',
    labels: { consumergroup: groupPartitionLabels.consumergroup, topic: groupPartitionLabels.topic },
  },
  kafka_consumergroup_current_offset: {
    type: 'gauge',
    help: 'Offset that the group has committed.',
    labels: groupPartitionLabels,
  },
  kafka_consumergroup_group_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest message that is not committed, as kafka-lag-exporter names it; 0 where there is none.',
    labels: groupPartitionLabels,
  },
  kafka_topic_partition_current_offset: {
    type: 'gauge',
    help: 'Offset that the next record of the partition will have.',
    labels: { topic: groupPartitionLabels.topic, partition: groupPartitionLabels.partition },
  },
  sluice_source_partitions: {
    type: 'gauge',
    help: 'Partitions that are assigned to the daemon, 0 while it is out of its group; files, for the file source.',
  },
  sluice_source_member: {
    type: 'gauge',
    help: '1 while the daemon is a member of its consumer group, 0 while it is not; absent for the file source.',
    labels: { consumergroup: groupPartitionLabels.consumergroup },
  },
  sluice_source_lag_age_seconds: {
    type: 'gauge',
    help: 'Age of the last successful measurement of the lag; the lag metrics are as old as this.',
  },
  sluice_commit_failing_seconds: {
    type: 'gauge',
    help: 'Seconds since commits of offsets began to fail; 0 while they work.',
  },
  sluice_sink_blocked_seconds: {
    type: 'gauge',
    help: 'Seconds that the oldest batch has waited for the sink to accept it; 0 if no batch waits.',
    labels: sinkLabel,
  },
  sluice_memory_budget_used_bytes: {
    type: 'gauge',
    help: 'Bytes of messages between the source and their outcome.',
  },
  sluice_memory_budget_limit_bytes: {
    type: 'gauge',
    help: 'Bytes that messages may occupy between the source and their outcome: the setting memory.maxMebibytes.',
  },
  sluice_consumer_paused_partitions: {
    type: 'gauge',
    event: 'partitionsPaused',
    help: 'Partitions of Kafka that are paused, because enough of their messages are fetched and wait to be scored.',
  },
  sluice_committed_partitions_total: {
    type: 'counter',
    help: 'Offsets committed, one per partition and commit.',
  },
  sluice_review_items: {
    type: 'gauge',
    help: 'Rows of the review store, counted about once a minute. Every daemon on the same store counts the same rows.',
    labels: { state: { values: reviewStates.join(', '), most: reviewStates.length } },
  },
  sluice_review_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest open review row; 0 if there is none.',
  },
  sluice_outbox_rows: {
    type: 'gauge',
    help: "Verdicts of people's decisions that wait for their publication. All processes on the same store count the same rows.",
  },
  sluice_outbox_oldest_seconds: {
    type: 'gauge',
    help: 'Seconds since the oldest of the verdicts that wait was decided; 0 if none waits.',
  },
  sluice_dead_letters_total: {
    type: 'counter',
    help: 'Messages sent to the dead letters.',
    labels: { reason: { values: 'reasons of src/core/dead-letter.ts', most: 9 } },
  },
  sluice_records_refused_total: {
    type: 'counter',
    help: 'Records that a sink will never accept; each is in the file of refused records (refused.file.path).',
    labels: { sink: { values: refusingSinks.join(', '), most: refusingSinks.length } },
  },
  sluice_tombstones_total: {
    type: 'counter',
    event: 'tombstonesSkipped',
    help: 'Records without a value that were skipped, as they delete a key of a compacted topic and hold no message.',
  },
  sluice_review_items_added_total: {
    type: 'counter',
    event: 'reviewItemsAdded',
    help: 'Rows added to the review store; rows that it already had are not counted.',
  },
  sluice_review_spool_rows: {
    type: 'gauge',
    help: 'Rows that wait on this machine for the database behind the review store.',
  },
  sluice_review_spool_used_ratio: {
    type: 'gauge',
    help: 'Spool size as a share of its maximum, 0 to 1; at 1 the pipeline pauses.',
  },
  sluice_dependency_up: {
    type: 'gauge',
    help: '1 while the last call of a service that Sluice depends on was answered.',
    labels: { dependency: { values: 'mysql, kafka', most: 2 } },
  },
  sluice_circuit_open: {
    type: 'gauge',
    help: '1 while the circuit breaker is open: the service failed so often that it is not called for a while.',
    labels: { dependency: { values: 'mysql', most: 1 } },
  },
  sluice_model_info: {
    type: 'gauge',
    help: 'Always 1; the labels name the active model.',
    labels: {
      version: { values: 'model version', most: 1 },
      sha256: { values: 'SHA-256 of the manifest', most: 1 },
    },
  },
  sluice_model_loaded_timestamp_seconds: {
    type: 'gauge',
    help: 'When the active model was installed, Unix time.',
  },
  sluice_model_reloads_total: {
    type: 'counter',
    help: 'Attempts to install a model, by result.',
    labels: { result: { values: 'installed, refused', most: 2 } },
  },
  sluice_model_awaited: {
    type: 'gauge',
    event: 'modelAwaited',
    help: '1 while the configured model version is missing or its store is unavailable; it is retried.',
  },
  sluice_guard_state: {
    type: 'gauge',
    help: '1 for the state that the guard has the active model in, 0 for the others. tripped: all of its spam goes to review until a person confirms or rolls back.',
    labels: { state: { values: guardStates.join(', '), most: guardStates.length } },
  },
  sluice_guard_departure_ratio: {
    type: 'gauge',
    help: 'Share of the verdict by the active model minus that by the model before, of the messages that both scored since the change.',
    labels: { verdict: { values: 'spam, review', most: 2 } },
  },
  sluice_guard_held_total: {
    type: 'counter',
    event: 'spamHeld',
    help: 'Messages that the active model calls spam and that the guard sent to review.',
  },
  sluice_shadow_messages_total: {
    type: 'counter',
    help: 'Messages that the active model and the shadow have scored, by the verdicts of both.',
    labels: {
      active: { values: verdictNames.join(', '), most: verdictNames.length },
      shadow: { values: verdictNames.join(', '), most: verdictNames.length },
    },
  },
  sluice_shadow_left_out_total: {
    type: 'counter',
    help: 'Messages of the sample that the shadow did not score: its queue was full, or it failed.',
    labels: { reason: { values: 'queue, failed', most: 2 } },
  },
  ...evidenceMetrics,
  sluice_threshold_probability: {
    type: 'gauge',
    help: 'Limits of the reject option for communities without limits of their own.',
    labels: { limit: { values: 'rejectMin, rejectMax', most: 2 } },
  },
  sluice_communities_with_own_policy: { type: 'gauge', help: 'Communities that have limits of their own.' },
  sluice_config_reloads_total: {
    type: 'counter',
    help: 'Times that changed settings were read, by result.',
    labels: { result: { values: 'applied, refused, unchanged', most: 3 } },
  },
  sluice_config_last_reload_successful: { type: 'gauge', help: '1 unless the newest settings were refused.' },
  sluice_config_last_reload_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When settings were last read and found good, Unix time.',
  },
  sluice_state_info: {
    type: 'gauge',
    help: 'Always 1; the label names the state that the pipeline is in.',
    labels: { state: { values: 'states of src/pipeline', most: 1 } },
  },
  sluice_build_info: {
    type: 'gauge',
    help: 'Always 1; the labels identify the build.',
    labels: {
      version: { values: 'version of Sluice', most: 1 },
      revision: { values: 'commit it was built from', most: 1 },
      node: { values: 'version of Node', most: 1 },
    },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metricTable;

/** Events that the table connects with a metric. */
export type TableEvent = {
  [Name in MetricName]: (typeof metricTable)[Name] extends { readonly event: infer Event } ? Event : never;
}[MetricName];

/** Metrics with the event that the table connects each with. */
export const tableEvents = Object.entries<MetricDefinition>(metricTable).flatMap(([name, { type, event }]) =>
  event === undefined ? [] : [{ name: name as MetricName, type, event: event as TableEvent }],
);

/** Series that the metric has once every label value has been seen. */
export function mostSeries(metric: MetricDefinition): number {
  const combinations =
    metric.most ?? Object.values(metric.labels ?? {}).reduce((product, label) => product * label.most, 1);
  // A histogram shows each bucket, +Inf, the sum and the count.
  return metric.type === 'histogram' ? combinations * (metric.buckets.length + 3) : combinations;
}
