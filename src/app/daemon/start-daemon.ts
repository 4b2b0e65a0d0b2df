import { PrometheusTelemetry } from '../../adapters/prometheus/prometheus-telemetry.ts';
import { SystemdManager } from '../../adapters/systemd/systemd-manager.ts';
import { describeError } from '../../core/errors.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import type { InstalledModel } from '../../http/installed-model.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { PolicyInForce } from '../../scoring/policy-in-force.ts';
import { topicsOf } from '../../settings/contradictions.ts';
import { drainPlan } from '../../settings/drain-plan.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { buildFacts } from '../build-facts.ts';
import { Closers } from '../closers.ts';
import type { Daemon, DaemonProgress, LabelReport, StartDaemon } from '../daemon.ts';
import { followPlaces } from '../live-settings/follow-settings-sources.ts';
import { ModelChange } from '../models/change-model.ts';
import { fetchModelOrLastGood, type Models } from '../models/fetch-model.ts';
import { manifestOf } from '../models/open-scorer.ts';
import { restoreModel } from '../models/restore-model.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { openIsolatedScorer, openModelSwitch } from '../open/open-model-switch.ts';
import { reviewPlace } from '../open/open-review-store.ts';
import { claimState } from './claim-state.ts';
import { layDemoInbox } from './demo-inbox.ts';
import { labelReport } from './label-report.ts';
import { measureRegularly } from './measure-regularly.ts';
import { measureReviews } from './measure-reviews.ts';
import { readinessOf } from './readiness.ts';
import { type ManagerReport, reportToManager } from './report-to-manager.ts';
import { RunTally } from './run-tally.ts';
import { talliedTelemetry } from './tallied-telemetry.ts';

/** Builds the line from settings and sets it going. */
export const startDaemon: StartDaemon = async ({ settings, once, log, liveSource }) => {
  const build = buildFacts();
  const topics = topicsOf(settings);
  const tally = new RunTally();
  const metrics = new PrometheusTelemetry({ build: { ...build }, processMetrics: settings.metrics.process });
  const telemetry = talliedTelemetry(metrics, tally);
  const policy = new PolicyInForce(policyOf(settings));
  telemetry.policyApplied(policy.value);

  const models: Models = {
    store: openModelStore(settings),
    activation: openModelActivation(settings),
    registry: openModelRegistry(settings),
  };
  const closers = new Closers(log);
  // A part that does not answer any more must not keep the process from its end.
  const limits = { withinSeconds: drainPlan(settings.drain.deadlineSeconds).stepSeconds };
  closers.add('the claim of the state folder', await claimState(settings.state.path));
  const scorer = openModelSwitch(settings, policy, {
    onThreadLost: () => telemetry.threadLost(),
    restoreModel: restoreModel(models.store, log),
  });
  closers.add('the scorer', () => scorer.close());
  const alone = openIsolatedScorer(settings, policy, () => scorer.model);
  closers.add('the scorer of suspects', () => alone.close());
  let installed: InstalledModel | undefined;
  const install = async (model: LocalModel) => {
    if (model.version === installed?.version) return;
    let manifest: ModelManifest;
    try {
      manifest = await manifestOf(model);
      await scorer.install(model);
    } catch (error) {
      telemetry.modelRefused(describeError(error));
      throw error;
    }
    installed = { version: model.version, manifest };
    telemetry.modelInstalled({ version: model.version, sha256: model.sha256 });
    log.info({ model: model.version }, 'model active');
    await models.store.judges(model.version).catch((error: unknown) => {
      log.warn({ error: describeError(error) }, 'could not remove local copies of older models');
    });
  };

  try {
    const { model, insteadBecause } = await fetchModelOrLastGood(models, settings);
    if (insteadBecause !== undefined)
      log.warn(
        { model: model.version, error: insteadBecause.message },
        'models cannot be fetched; using the model that was active last until they can',
      );
    const installing = install(model);
    // What is not needed for that is loaded meanwhile: the admission check runs in a process of its own.
    const [{ buildLine }, { serveHttp }] = await Promise.all([
      import('../open/build-pipeline.ts'),
      import('./serve-http.ts'),
      installing,
    ]);
    const demo = layDemo(settings, log);
    // Laid while the daemon already judges, unless it would end before there is anything to judge.
    if (once) await demo;
    const line = await buildLine({ settings, once, scorer, alone, telemetry, log });
    closers.add('the sinks', () => line.close());
    await line.pipeline.start();
    const lag = measureRegularly({
      source: line.source,
      group: settings.source.kind === 'kafka' ? settings.source.group : undefined,
      scorer,
      health: () => ({
        ...line.pipeline.health(),
        memory: { usedBytes: line.budget.used, limitBytes: line.budget.limit },
      }),
      telemetry,
      intervalSeconds: settings.metrics.lagIntervalSeconds,
      // A broker is asked by the network, and each time by three requests.
      lookSeconds: settings.source.kind === 'kafka' ? settings.metrics.lagIntervalSeconds / 3 : 0.5,
      log,
    });
    closers.add('the measurements', async () => lag.stop());
    const readiness = () =>
      readinessOf({
        ...line.pipeline.health(),
        hasModel: installed !== undefined,
        state: line.pipeline.state,
        trouble: line.source.trouble?.(),
        scorerTrouble: scorer.trouble,
        lagAgeSeconds: lag.ageSeconds,
        lagOldSeconds: lag.oldSeconds,
        threads: lag.threads,
        spoolFullness: tally.spoolFullness,
      });
    const http = await serveHttp({
      settings: settings.http,
      scoringThreads: settings.pool.threads,
      scorer,
      reviews: line.reviews,
      model: () => installed,
      metrics,
      readiness,
      build,
      log,
    });
    closers.add('the listeners', () => http.close());

    const background = new AbortController();
    let managed: ManagerReport | undefined;
    let reload = () => log.info({}, 'there is no settings source to reload');
    const modelChange = new ModelChange(models, () => installed?.version, install);
    const whileReloading = (change: () => Promise<void>) =>
      managed === undefined ? change() : managed.whileReloading(change);
    const changeModel = (changed: Settings, again: boolean) =>
      whileReloading(() => modelChange.to(changed, again));
    const applyPolicy = (changed: Settings) => {
      // In force when this returns; only telling the manager takes time.
      void whileReloading(async () => {
        policy.replace(policyOf(changed));
        telemetry.policyApplied(policy.value);
      });
    };
    const following =
      liveSource === undefined
        ? Promise.resolve()
        : followPlaces(
            { ...liveSource, activation: models.activation, inForce: insteadBecause === undefined },
            {
              log,
              telemetry,
              applyPolicy,
              changeModel,
              onReload: (again) => {
                reload = again;
              },
              signal: background.signal,
            },
          );
    const waiting = measureReviews({ reviews: line.reviews, telemetry, log });
    closers.add('what runs in the background', async () => {
      background.abort();
      await waiting.stop();
      await following;
    });
    let demoLaid = false;
    const seeDemo = async () => {
      await demo;
      await lag.look();
      demoLaid = true;
    };
    void seeDemo();
    log.info({ api: http.api, ops: http.ops, model: installed?.version, mode: settings.mode }, 'ready');
    const manager = SystemdManager.of({ environment: process.env, log });
    if (manager !== undefined) {
      managed = reportToManager({
        manager,
        status: () => managerStatus(tally, installed),
        work: () => ({ steps: tally.steps, inFlight: line.pipeline.inFlight }),
      });
      closers.add('the report to the service manager', () => managed!.end());
    }

    const report = async () =>
      settings.verdicts.kind === 'file'
        ? labelReport(settings.state.path, settings.verdicts.file.path, line.reviews)
        : null;
    let lastReport: LabelReport | null | undefined;
    const runToEnd = async () => {
      try {
        await line.pipeline.run();
      } catch (error) {
        await closers.closeAfterFailure(limits);
        throw error;
      }
      lastReport = await report().catch((error: unknown) => {
        log.warn({ error: describeError(error) }, 'the verdicts could not be compared with the labels');
        return null;
      });
      await closers.closeAll();
    };
    const done = runToEnd();
    // Whoever waits for `done` sees the failure; nobody has to.
    done.catch(() => undefined);
    return {
      done,
      drain: async (giveUp) => {
        managed?.stopping();
        await line.pipeline.drain(giveUp);
        await done;
      },
      reload: () => reload(),
      progress: (): DaemonProgress => {
        const { pulled, ...counts } = tally.counts;
        const settled = line.pipeline.inFlight === 0 && counts.read === pulled;
        return {
          ...counts,
          perSecond: tally.perSecond,
          lag: lag.total,
          caughtUp: demoLaid && settled && lag.total === 0 && lag.isKnown,
          model: installed?.version ?? '',
        };
      },
      addresses: { api: http.api, ops: http.ops },
      places: {
        verdicts:
          settings.verdicts.kind === 'kafka' ? `topic ${topics.verdicts}` : settings.verdicts.file.path,
        reviews: reviewPlace(settings.store),
        deadLetters:
          settings.deadLetters.kind === 'kafka'
            ? `topic ${topics.deadLetters}`
            : settings.deadLetters.file.path,
      },
      // After the end the review store is closed.
      labelReport: async () => (lastReport === undefined ? await report() : lastReport),
    } satisfies Daemon;
  } catch (error) {
    await closers.closeAfterFailure();
    throw error;
  }
};

function managerStatus({ counts, perSecond }: RunTally, model: InstalledModel | undefined): string {
  const { state, read, spam, review, deadLetters } = counts;
  return `${state}, model ${model?.version ?? 'none'}: ${read} read (${Math.round(perSecond)} a second), ${spam} spam, ${review} to review, ${deadLetters} dead letters`;
}

async function layDemo(settings: Settings, log: Log): Promise<void> {
  const { demo, inbox } = settings.source.file;
  if (demo === 'none' || settings.source.kind !== 'file') return;
  try {
    await layDemoInbox(inbox, settings.state.path, log);
  } catch (error) {
    log.warn(
      { error: describeError(error) },
      'could not write the demonstration to the inbox; put messages there yourself',
    );
  }
}
