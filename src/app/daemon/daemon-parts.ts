import { systemClock } from '../../pipeline/system-clock.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import { AuditKey } from './audit-key.ts';
import { auditPart } from './audit-part.ts';
import { campaignPart } from './campaign-part.ts';
import { claimPart } from './claim-state.ts';
import { type DaemonContext, type DaemonOptions, daemonContext } from './daemon-context.ts';
import { DemoPart } from './demo-part.ts';
import { driftPart } from './drift-part.ts';
import { evidencePart } from './evidence-part.ts';
import { guardedParts } from './guarded-parts.ts';
import { httpPart, type ServedHttp } from './http-part.ts';
import { lagPart } from './lag-part.ts';
import type { Measured } from './measure-regularly.ts';
import { ModelInstaller } from './model-installer.ts';
import { outboxPart } from './outbox-part.ts';
import type { DaemonPart, OpenedPart } from './part-list.ts';
import { pipelinePart } from './pipeline-part.ts';
import { ProgressReport } from './progress-report.ts';
import { reportTopicParts } from './report-topic-part.ts';
import { reviewQueuePart } from './review-queue-part.ts';
import { scorerParts } from './scorer-parts.ts';
import { SettingsFollower } from './settings-follower.ts';
import { StatusReport } from './status-report.ts';

/** The parts of a daemon. */
export interface DaemonParts {
  /** The order of the start; they are stopped in reverse. */
  readonly inOrder: readonly DaemonPart[];
  readonly pipeline: OpenedPart<BuiltPipeline>;
  readonly http: OpenedPart<ServedHttp>;
  readonly follower: SettingsFollower;
  readonly progress: ProgressReport;
  readonly status: StatusReport;
}

/** Makes the parts, and starts none of them. */
export function daemonParts(options: DaemonOptions): DaemonParts {
  const context = daemonContext(options);
  const { settings, once, log, liveSource, telemetry, policy, models } = context;
  const claim = claimPart(settings.state.path);
  const scorers = scorerParts(context);
  const installer = new ModelInstaller({
    ...{ settings, models, telemetry, log },
    scorer: () => scorers.active.opened,
    beforeChange: (model) => guarded.guard.opened.prepare(model),
    // What is not needed for the check is loaded while it runs.
    meanwhile: () => Promise.all([import('../open/build-pipeline.ts'), import('./serve-http.ts')]),
  });
  const demo = new DemoPart(settings, once, log);
  const guarded = guardedParts(context, scorers, () => pipeline);
  const drift = driftPart(context, scorers);
  const pipeline: OpenedPart<BuiltPipeline> = pipelinePart(drift.watched(context), guarded);
  const auditKey = new AuditKey({
    ...{ settings, policy, log, clock: systemClock },
    decisions: () => pipeline.opened.decisions,
  });
  const lag = lagPart(context, scorers, pipeline);
  const http = httpPart(context, { scorers, guarded, installer, pipeline, lag, follower: () => follower });
  const reviews = reviewQueuePart(context, pipeline);
  const audit = auditPart(context, pipeline);
  const outbox = outboxPart(context, pipeline);
  // The pipeline runs on the same thread. A run with an end leaves the campaigns to the process that serves the console.
  const campaigns = once ? [] : [campaignPart({ log, share: 0.1 }, pipeline)];
  const { progress, status } = reportsOf(context, { demo, pipeline, lag, http, installer });
  const follower = new SettingsFollower({
    liveSource,
    activation: models.activation,
    models: installer,
    applyPolicy: (changed) => {
      auditKey.use(changed);
      telemetry.policyApplied(policy.value);
      guarded.shadow.opened.use(changed.shadow);
    },
    whileReloading: (change) => status.whileReloading(change),
    telemetry,
    log,
  });
  const running: DaemonPart = { name: 'the pipeline', start: () => pipeline.opened.pipeline.start() };
  return {
    inOrder: [
      claim,
      scorers.active,
      scorers.isolated,
      installer,
      demo,
      pipeline,
      guarded.guard,
      guarded.shadow,
      ...drift.parts,
      auditKey,
      running,
      outbox,
      ...campaigns,
      ...reportTopicParts(context, pipeline),
      lag,
      http,
      reviews,
      ...(once ? [] : [evidencePart(context, pipeline)]),
      audit,
      follower,
      progress,
      status,
    ],
    pipeline,
    http,
    follower,
    progress,
    status,
  };
}

/** What people who watch the daemon see. */
function reportsOf(
  { settings, tally, log }: DaemonContext,
  parts: Pick<DaemonParts, 'pipeline' | 'http'> & {
    readonly demo: DemoPart;
    readonly lag: OpenedPart<Measured>;
    readonly installer: ModelInstaller;
  },
): Pick<DaemonParts, 'progress' | 'status'> {
  const { demo, pipeline, lag, http, installer } = parts;
  const inFlight = () => pipeline.opened.pipeline.inFlight;
  const progress = new ProgressReport({
    ...{ tally, demo, inFlight },
    lag: () => lag.opened,
    model: () => installer.installed?.version,
  });
  const status = new StatusReport({
    facts: () => ({
      api: http.opened.api,
      ops: http.opened.ops,
      model: installer.installed?.version,
      mode: settings.mode,
    }),
    status: () => progress.status,
    work: () => ({ steps: tally.steps, inFlight: inFlight() }),
    log,
  });
  return { progress, status };
}
