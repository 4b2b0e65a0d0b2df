import { YamlSettings } from '../adapters/yaml/yaml-settings.ts';
import { describeError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { readSettingsFile } from '../settings/file-layer.ts';
import { applyLive, type LivePlace } from '../settings/live-policy.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { LiveSource } from './daemon.ts';

export interface SettingsFollower {
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** Puts changed settings in force; when it throws, what was in force stays and is asked for again at the next change. */
  readonly apply: (settings: Settings) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Reads the settings file again when it changes. A bad value, or one that cannot be applied, never replaces a good one:
 * it is told and counted, and what was in force stays.
 */
export function followSettings({ base, file }: LiveSource, follower: SettingsFollower): Promise<void> {
  const { log, telemetry, apply, signal } = follower;
  const place: LivePlace = { layer: 'file', name: file };
  const source = new YamlSettings(file, readSettingsFile);
  let inForce = base;
  let turn = Promise.resolve();

  const refuse = (error: unknown) => {
    telemetry.settingsReloaded('refused');
    log.warn(
      { file, error: describeError(error) },
      'changed settings are refused; those before stay in force',
    );
  };
  const reread = async () => {
    const result = applyLive(inForce, place, await source.read());
    if (result.kind === 'refused') throw result.error;
    if (result.atNextStart.length > 0)
      log.warn({ file, settings: result.atNextStart }, 'these settings change at the next start only');
    if (result.kind === 'applied') {
      await apply(result.loaded.settings);
      inForce = result.loaded;
      log.info({ file, settings: result.changed }, 'changed settings are in force');
    }
    telemetry.settingsReloaded(result.kind);
  };
  const changed = () => {
    turn = turn.then(reread).catch(refuse);
  };
  return source.watch(changed, signal).then(() => turn);
}
