import { collectDefaultMetrics, Registry } from 'prom-client';
import type { DeadLetterReason } from '../../core/dead-letter.ts';
import type { DecisionPolicy } from '../../core/decision-policy.ts';
import { type DriftFigures, driftSignals } from '../../core/drift-figures.ts';
import { type GuardCounts, type GuardState, guardStates } from '../../core/guard-counts.ts';
import { unreadableReasons } from '../../core/message.ts';
import type { AuditReport } from '../../core/report-facts.ts';
import type { BatchStatistics } from '../../core/scored-batch.ts';
import type { VerdictName } from '../../core/verdict.ts';
import type { PartitionLag } from '../../ports/message-source.ts';
import type { ReviewState } from '../../ports/review-store.ts';
import { type RefusingSink, refusingSinks, sinkNames } from '../../ports/sink-names.ts';
import type { Health, Telemetry } from '../../ports/telemetry.ts';
import { auditSeries } from './audit-series.ts';
import { auditStates } from './evidence-metrics.ts';
import { groupLagSeries } from './group-lag-series.ts';
import { lagSeries } from './lag-series.ts';
import { type CounterName, type GaugeName, MetricRegistry, type MetricValue } from './metric-registry.ts';
import {
  countedVerdicts,
  labelCaps,
  type MetricName,
  otherLabel,
  type TableEvent,
  tableEvents,
} from './metric-table.ts';
import { openMetricsText } from './open-metrics-text.ts';

export interface PrometheusOptions {
  readonly build: { readonly version: string; readonly revision: string; readonly node: string };
  /** The `nodejs_` and `process_` metrics of prom-client; on unless false. */
  readonly processMetrics?: boolean;
  /** Epoch milliseconds; for tests. */
  readonly now?: () => number;
}

const deadLetterReasons = [
  ...unreadableReasons,
  'kills-scorer',
] as const satisfies readonly DeadLetterReason[];

/** The methods that follow from the table. */
export interface PrometheusTelemetry extends Pick<Telemetry, TableEvent> {}

/** Telemetry as Prometheus metrics; `metric-table.ts` describes each, and names the events that need no method of their own. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block below defines each method, and a test calls each.
export class PrometheusTelemetry implements Telemetry {
  static {
    for (const { name, type, event } of tableEvents)
      PrometheusTelemetry.prototype[event] = function (
        this: PrometheusTelemetry,
        figure: number | boolean = 1,
      ) {
        if (type === 'counter') this.#metrics.add(name as CounterName, Number(figure));
        else this.#metrics.set(name as GaugeName, Number(figure));
      };
  }

  readonly #metrics = new MetricRegistry();
  readonly #now: () => number;
  #inFlight = 0;
  /** Versions with counters of their own, the one counted last at the end. */
  #models: readonly string[] = [];

  constructor(options: PrometheusOptions) {
    this.#now = options.now ?? Date.now;
    if (options.processMetrics !== false) collectDefaultMetrics({ register: this.#metrics.registry });
    this.#metrics.set('sluice_build_info', 1, { ...options.build });
    for (const reason of deadLetterReasons) this.messagesDeadLettered(reason, 0);
    for (const sink of refusingSinks) this.recordsRefused(sink, 0);
    for (const stage of ['score', 'route', 'commit'])
      this.#metrics.add('sluice_batch_retries_total', 0, { stage });
    for (const result of ['installed', 'refused'])
      this.#metrics.add('sluice_model_reloads_total', 0, { result });
    for (const result of ['applied', 'refused', 'unchanged'])
      this.#metrics.add('sluice_config_reloads_total', 0, { result });
    this.#settingsGood();
  }

  /** The metrics as text; in OpenMetrics where `accept`, the request's header, asks for that. */
  async exposition(accept = ''): Promise<{ readonly contentType: string; readonly body: string }> {
    const text = await this.#metrics.registry.metrics();
    return accept.includes('application/openmetrics-text')
      ? { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body: openMetricsText(text) }
      : { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: text };
  }

  /** What is exported of one metric at this moment, for those who show figures of this process alone. */
  values(name: MetricName): Promise<readonly MetricValue[]> {
    return this.#metrics.values(name);
  }

  batchPulled(batch: { readonly messages: number; readonly inFlight: number }): void {
    this.#metrics.observe('sluice_batch_messages', batch.messages);
    this.#setInFlight(batch.inFlight);
  }

  batchScored(batch: {
    readonly model: string;
    readonly queueSeconds: number;
    readonly statistics: BatchStatistics;
  }): void {
    const { model, queueSeconds, statistics } = batch;
    this.#keepModel(model);
    const counts = { ...statistics, error: statistics.unreadable };
    for (const verdict of countedVerdicts)
      this.#metrics.add('sluice_messages_total', counts[verdict], { verdict, model });
    const { counts: scores, sum } = statistics.scores;
    if (scores.some((count) => count > 0)) this.#metrics.addCounts('sluice_score', scores, sum, { model });
    this.#observeStage('queue', queueSeconds);
    this.#observeStage('decode', statistics.decodeSeconds);
    this.#observeStage('featurize', statistics.featurizeSeconds);
    this.#observeStage('infer', statistics.inferSeconds);
    for (const [index, messages] of statistics.endedAtStage.entries()) {
      const stage = index < labelCaps.evaluationStages ? String(index) : otherLabel;
      this.#metrics.add('sluice_evaluation_ended_total', messages, { stage });
    }
    this.#metrics.add('sluice_trees_evaluated_total', statistics.treesEvaluated);
    this.#metrics.add('sluice_trees_full_evaluation_total', statistics.treesInAll);
  }

  batchRouted(batch: { readonly seconds: number; readonly endToEndSeconds: readonly number[] }): void {
    this.#observeStage('publish', batch.seconds);
    for (const seconds of batch.endToEndSeconds) this.#metrics.observe('sluice_end_to_end_seconds', seconds);
    this.#setInFlight(this.#inFlight - 1);
  }

  batchRetried(stage: 'score' | 'route' | 'commit'): void {
    this.#metrics.add('sluice_batch_retries_total', 1, { stage });
  }

  reviewsMeasured(reviews: {
    readonly counts: Readonly<Record<ReviewState, number>>;
    readonly oldestSeconds: number;
  }): void {
    for (const [state, count] of Object.entries(reviews.counts))
      this.#metrics.set('sluice_review_items', count, { state });
    this.#metrics.set('sluice_review_oldest_seconds', Math.max(0, reviews.oldestSeconds));
  }

  outboxMeasured(outbox: { readonly rows: number; readonly oldestSeconds: number }): void {
    this.#metrics.set('sluice_outbox_rows', outbox.rows);
    this.#metrics.set('sluice_outbox_oldest_seconds', outbox.oldestSeconds);
  }

  messagesDeadLettered(reason: DeadLetterReason, count: number): void {
    this.#metrics.add('sluice_dead_letters_total', count, { reason });
  }

  recordsRefused(sink: RefusingSink, count: number): void {
    this.#metrics.add('sluice_records_refused_total', count, { sink });
  }

  spoolMeasured(spool: { readonly rows: number; readonly fullness: number }): void {
    this.#metrics.set('sluice_review_spool_rows', spool.rows);
    this.#metrics.set('sluice_review_spool_used_ratio', spool.fullness);
  }

  dependencyMeasured(measured: {
    readonly dependency: string;
    readonly up: boolean;
    readonly circuitOpen?: boolean;
  }): void {
    const { dependency, circuitOpen } = measured;
    this.#metrics.set('sluice_dependency_up', measured.up ? 1 : 0, { dependency });
    if (circuitOpen !== undefined)
      this.#metrics.set('sluice_circuit_open', circuitOpen ? 1 : 0, { dependency });
  }

  healthMeasured(health: Health): void {
    const { membership, partitions, lagAgeSeconds, commitsFailingSeconds, sinkWaitSeconds, memory } = health;
    if (membership !== undefined)
      this.#metrics.set('sluice_source_member', membership.isMember ? 1 : 0, {
        consumergroup: membership.group,
      });
    if (partitions !== undefined) this.#metrics.set('sluice_source_partitions', partitions);
    this.#metrics.set('sluice_source_lag_age_seconds', lagAgeSeconds);
    this.#metrics.set('sluice_commit_failing_seconds', commitsFailingSeconds);
    for (const sink of sinkNames)
      this.#metrics.set('sluice_sink_blocked_seconds', sinkWaitSeconds[sink], { sink });
    this.#metrics.set('sluice_memory_budget_used_bytes', memory.usedBytes);
    this.#metrics.set('sluice_memory_budget_limit_bytes', memory.limitBytes);
  }

  offsetsCommitted(commit: { readonly partitions: number; readonly seconds: number }): void {
    this.#metrics.add('sluice_committed_partitions_total', commit.partitions);
    this.#observeStage('commit', commit.seconds);
  }

  lagMeasured(lag: readonly PartitionLag[]): void {
    this.#metrics.replace('sluice_source_lag', lagSeries(lag));
    for (const [name, series] of Object.entries(groupLagSeries(lag)))
      this.#metrics.replace(name as keyof ReturnType<typeof groupLagSeries>, series);
  }

  modelInstalled(model: { readonly version: string; readonly sha256: string }): void {
    this.#metrics.replace('sluice_model_info', [{ labels: { ...model }, value: 1 }]);
    if (this.#models.length === 0) this.#beginAtZero(model.version);
    this.#metrics.set('sluice_model_loaded_timestamp_seconds', this.#now() / 1000);
    this.#metrics.add('sluice_model_reloads_total', 1, { result: 'installed' });
  }

  /** The reason is free text and belongs in the log; a label takes no such thing. */
  modelRefused(_reason: string): void {
    this.#metrics.add('sluice_model_reloads_total', 1, { result: 'refused' });
  }

  guardMeasured({ state, counts }: { readonly state: GuardState; readonly counts: GuardCounts }): void {
    for (const each of guardStates)
      this.#metrics.set('sluice_guard_state', each === state ? 1 : 0, { state: each });
    const share = (more: number, fewer: number) =>
      counts.messages === 0 ? 0 : (more - fewer) / counts.messages;
    const set = (verdict: string, departure: number) =>
      this.#metrics.set('sluice_guard_departure_ratio', departure, { verdict });
    set('spam', share(counts.spamMore, counts.spamFewer));
    set('review', share(counts.reviewMore, counts.reviewFewer));
  }

  shadowCompared(active: VerdictName, shadow: VerdictName, messages: number): void {
    this.#metrics.add('sluice_shadow_messages_total', messages, { active, shadow });
  }

  shadowLeftOut(reason: 'queue' | 'failed', messages: number): void {
    this.#metrics.add('sluice_shadow_left_out_total', messages, { reason });
  }

  driftMeasured({ figures, hasReference }: Parameters<Telemetry['driftMeasured']>[0]): void {
    this.#metrics.set('sluice_drift_reference_known', hasReference ? 1 : 0);
    for (const signal of driftSignals) {
      const { score, alarm, baseline } = figures[signal];
      this.#metrics.set('sluice_drift_score', score, { signal });
      this.#metrics.set('sluice_drift_alarm', alarm ? 1 : 0, { signal });
      this.#metrics.set('sluice_drift_baseline_ratio', baseline, { signal });
    }
    const isQuiet = driftSignals.some((signal) => figures[signal].state === 'quiet');
    this.#metrics.set('sluice_drift_quiet', isQuiet ? 1 : 0);
    this.#metrics.replace('sluice_drift_distance', distanceSeries(figures));
  }

  retrainingsMeasured(last: Parameters<Telemetry['retrainingsMeasured']>[0]): void {
    for (const [state, at] of Object.entries(last))
      this.#metrics.set('sluice_retrain_last_timestamp_seconds', at / 1000, { state });
  }

  campaignsMeasured({ members, open }: { readonly members: number; readonly open: number }): void {
    this.#metrics.set('sluice_campaign_largest_messages', members, { state: 'members' });
    this.#metrics.set('sluice_campaign_largest_messages', open, { state: 'open' });
  }

  auditMeasured(report: AuditReport): void {
    const all = report.groups.find(({ by }) => by === 'all');
    for (const state of auditStates) this.#metrics.set('sluice_audit_messages', all?.[state] ?? 0, { state });
    for (const [name, series] of Object.entries(auditSeries(report)))
      this.#metrics.replace(name as keyof ReturnType<typeof auditSeries>, series);
  }

  policyApplied(policy: DecisionPolicy): void {
    const { rejectMin, rejectMax } = policy.default;
    this.#metrics.set('sluice_threshold_probability', rejectMin, { limit: 'rejectMin' });
    this.#metrics.set('sluice_threshold_probability', rejectMax, { limit: 'rejectMax' });
    this.#metrics.set('sluice_communities_with_own_policy', Object.keys(policy.communities).length);
  }

  settingsReloaded(result: 'applied' | 'refused' | 'unchanged'): void {
    this.#metrics.add('sluice_config_reloads_total', 1, { result });
    if (result === 'refused') this.#metrics.set('sluice_config_last_reload_successful', 0);
    else this.#settingsGood();
  }

  poolMeasured(pool: {
    readonly threads: number;
    readonly threadsWanted: number;
    readonly queued: number;
    readonly utilization: number;
  }): void {
    this.#metrics.set('sluice_pool_workers', pool.threads);
    this.#metrics.set('sluice_pool_workers_wanted', pool.threadsWanted);
    this.#metrics.set('sluice_pool_queue_size', pool.queued);
    this.#metrics.set('sluice_pool_utilization_ratio', pool.utilization);
  }

  stateEntered(state: string): void {
    this.#metrics.replace('sluice_state_info', [{ labels: { state }, value: 1 }]);
  }

  /** The next pull sets it right where a batch ended otherwise than by being routed, as after a revoke. */
  #setInFlight(batches: number): void {
    this.#inFlight = Math.max(0, batches);
    this.#metrics.set('sluice_in_flight_batches', this.#inFlight);
  }

  #observeStage(stage: string, seconds: number): void {
    this.#metrics.observe('sluice_stage_duration_seconds', seconds, { stage });
  }

  /** Makes `model` the newest of the versions with counters; the series of the one that falls out end. */
  /** Prometheus' `increase` leaves out what a counter had when it was first seen, and a daemon may have read much by then. */
  #beginAtZero(model: string): void {
    this.#keepModel(model);
    for (const verdict of countedVerdicts) this.#metrics.add('sluice_messages_total', 0, { verdict, model });
  }

  #keepModel(model: string): void {
    if (this.#models.at(-1) === model) return;
    this.#models = [...this.#models.filter((version) => version !== model), model];
    for (const older of this.#models.slice(0, -labelCaps.scoredModels))
      this.#metrics.removeCounts('sluice_score', { model: older });
    const [oldest] = this.#models;
    if (oldest === undefined || this.#models.length <= labelCaps.models) return;
    this.#models = this.#models.slice(1);
    for (const verdict of countedVerdicts)
      this.#metrics.removeCounter('sluice_messages_total', { verdict, model: oldest });
  }

  #settingsGood(): void {
    this.#metrics.set('sluice_config_last_reload_successful', 1);
    this.#metrics.set('sluice_config_last_reload_success_timestamp_seconds', this.#now() / 1000);
  }
}

/** A distance that is not known has no series. */
function distanceSeries(figures: DriftFigures) {
  return driftSignals.flatMap((signal) => {
    const { fromTraining: value } = figures[signal];
    return value === null ? [] : [{ labels: { signal, against: 'training' }, value }];
  });
}
