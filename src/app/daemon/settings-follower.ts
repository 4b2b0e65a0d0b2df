import type { Log } from '../../ports/log.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { pinnedModel } from '../../settings/pinned-model.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { followSettingsSources, type LiveSource } from '../live-settings/follow-settings-sources.ts';
import type { DaemonPart } from './part-list.ts';

export interface SettingsFollowerParts {
  /** Undefined where no settings are read again. */
  readonly liveSource: LiveSource | undefined;
  readonly activation: ModelActivation;
  readonly models: {
    readonly startedAsConfigured: boolean;
    change(settings: Settings, again: boolean): Promise<void>;
  };
  /** In effect when it returns. */
  readonly applyPolicy: (settings: Settings) => void;
  /** Runs a change of settings, and reports it while it runs. */
  readonly whileReloading: (change: () => Promise<void>) => Promise<void>;
  readonly telemetry: Pick<Telemetry, 'settingsReloaded' | 'modelAwaited'>;
  readonly log: Log;
}

/** Follows the settings sources: changed thresholds and models take effect while the daemon runs. */
export class SettingsFollower implements DaemonPart {
  readonly name = 'the settings follower';
  readonly #parts: SettingsFollowerParts;
  readonly #stopped = new AbortController();
  #following: Promise<void> = Promise.resolve();
  #reload: () => void;
  /** As changed while the daemon runs. */
  #settings: Settings | undefined;

  constructor(parts: SettingsFollowerParts) {
    this.#parts = parts;
    this.#reload = () => parts.log.info({}, 'there is no settings source to reload');
  }

  start(): void {
    const { liveSource, activation, models, applyPolicy, whileReloading, telemetry, log } = this.#parts;
    if (liveSource === undefined) return;
    this.#following = followSettingsSources(
      { ...liveSource, activation, isModelActive: models.startedAsConfigured },
      {
        log,
        telemetry,
        // In effect when this returns; only reporting it takes time.
        applyPolicy: (settings) => {
          this.#settings = settings;
          void whileReloading(async () => applyPolicy(settings));
        },
        changeModel: (settings, again) => whileReloading(() => models.change(settings, again)),
        onReload: (reload) => {
          this.#reload = reload;
        },
        signal: this.#stopped.signal,
      },
    );
  }

  /** The setting that the daemon obeys now instead of what is activated; undefined where it follows that. */
  get pinnedModel(): string | undefined {
    const { liveSource } = this.#parts;
    const settings = this.#settings ?? liveSource?.base.settings;
    return settings && pinnedModel(settings, liveSource?.base.origins.get('model.version'));
  }

  /** Reads all settings sources again. */
  reload(): void {
    this.#reload();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#following;
  }
}
