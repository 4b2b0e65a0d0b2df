import type { Log } from '../../ports/log.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
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
  #current: LoadedSettings | undefined;
  readonly #atNextStart = new Map<string, readonly string[]>();

  constructor(parts: SettingsFollowerParts) {
    this.#parts = parts;
    this.#current = parts.liveSource?.base;
    this.#reload = () => parts.log.info({}, 'there is no settings source to reload');
  }

  /** The settings that are current, with where each comes from; undefined where no settings are read again. */
  get current(): LoadedSettings | undefined {
    return this.#current;
  }

  /** Names of settings that have another value at their source by now, and cannot change while running. */
  get atNextStart(): ReadonlySet<string> {
    return new Set([...this.#atNextStart.values()].flat());
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
        applyPolicy: (settings) => void whileReloading(async () => applyPolicy(settings)),
        changeModel: (settings, again) => whileReloading(() => models.change(settings, again)),
        onCurrent: (current, source, atNextStart) => {
          this.#current = current;
          this.#atNextStart.set(source, atNextStart);
        },
        onReload: (reload) => {
          this.#reload = reload;
        },
        signal: this.#stopped.signal,
      },
    );
  }

  /** The setting that the daemon obeys now instead of what is activated; undefined where it follows that. */
  get pinnedModel(): string | undefined {
    return this.#current && pinnedModel(this.#current.settings, this.#current.origins.get('model.version'));
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
