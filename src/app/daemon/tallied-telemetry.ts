import type { Telemetry } from '../../ports/telemetry.ts';
import type { RunTally } from './run-tally.ts';

/** Telemetry that a tally listens to as well. */
export function talliedTelemetry(telemetry: Telemetry, tally: RunTally): Telemetry {
  return {
    batchPulled(batch) {
      tally.step();
      tally.batchPulled(batch.messages);
      telemetry.batchPulled(batch);
    },
    batchScored(batch) {
      tally.step();
      tally.batchScored(batch.statistics);
      telemetry.batchScored(batch);
    },
    batchRouted(batch) {
      tally.step();
      telemetry.batchRouted(batch);
    },
    batchRetried(stage) {
      tally.step();
      telemetry.batchRetried(stage);
    },
    reviewsMeasured: (reviews) => telemetry.reviewsMeasured(reviews),
    messagesDeadLettered(reason, count) {
      tally.messagesDeadLettered(count);
      telemetry.messagesDeadLettered(reason, count);
    },
    recordsRefused: (sink, count) => telemetry.recordsRefused(sink, count),
    tombstonesSkipped: (count) => telemetry.tombstonesSkipped(count),
    reviewItemsAdded: (count) => telemetry.reviewItemsAdded(count),
    spoolMeasured(spool) {
      tally.spoolMeasured(spool.fullness);
      telemetry.spoolMeasured(spool);
    },
    dependencyMeasured: (dependency) => telemetry.dependencyMeasured(dependency),
    healthMeasured: (health) => telemetry.healthMeasured(health),
    offsetsCommitted(commit) {
      tally.step();
      telemetry.offsetsCommitted(commit);
    },
    lagMeasured: (lag) => telemetry.lagMeasured(lag),
    partitionsPaused: (partitions) => telemetry.partitionsPaused(partitions),
    modelInstalled: (model) => telemetry.modelInstalled(model),
    modelRefused: (reason) => telemetry.modelRefused(reason),
    modelAwaited: (awaited) => telemetry.modelAwaited(awaited),
    policyApplied: (policy) => telemetry.policyApplied(policy),
    settingsReloaded: (result) => telemetry.settingsReloaded(result),
    poolMeasured: (pool) => telemetry.poolMeasured(pool),
    threadLost: () => telemetry.threadLost(),
    stateEntered(state) {
      tally.stateEntered(state);
      telemetry.stateEntered(state);
    },
  };
}
