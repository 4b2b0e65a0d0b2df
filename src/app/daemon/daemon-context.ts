import { PrometheusTelemetry } from '../../adapters/prometheus/prometheus-telemetry.ts';
import type { Log } from '../../ports/log.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { CurrentPolicy } from '../../scoring/current-policy.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { type BuildFacts, buildFacts } from '../build-facts.ts';
import type { LiveSource } from '../live-settings/follow-settings-sources.ts';
import type { Models } from '../models/fetch-model.ts';
import { openModelRegistry } from '../open/open-model-registry.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';
import { RunTally } from './run-tally.ts';
import { talliedTelemetry } from './tallied-telemetry.ts';

export interface DaemonOptions {
  readonly settings: Settings;
  /** Score what is there, then drain. */
  readonly once: boolean;
  readonly log: Log;
  /** Undefined: no settings are read again. */
  readonly liveSource?: LiveSource | undefined;
}

/** What parts share that needs neither a start nor a stop. */
export interface DaemonContext extends DaemonOptions {
  readonly build: BuildFacts;
  readonly tally: RunTally;
  readonly metrics: PrometheusTelemetry;
  readonly telemetry: Telemetry;
  readonly policy: CurrentPolicy;
  readonly models: Models;
}

/** Makes it; nothing is opened or asked yet. */
export function daemonContext(options: DaemonOptions): DaemonContext {
  const { settings } = options;
  const build = buildFacts();
  const tally = new RunTally();
  const metrics = new PrometheusTelemetry({ build: { ...build }, processMetrics: settings.metrics.process });
  const telemetry = talliedTelemetry(metrics, tally);
  const policy = new CurrentPolicy(policyOf(settings));
  telemetry.policyApplied(policy.value);
  const models: Models = {
    store: openModelStore(settings),
    activation: openModelActivation(settings),
    registry: openModelRegistry(settings),
  };
  return { ...options, build, tally, metrics, telemetry, policy, models };
}
