import type { ModelActivation } from '../../ports/model-activation.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
import { nestedSettings } from '../../settings/nested-settings.ts';
import {
  type FollowedSource,
  followSettings,
  type SettingsFollower,
  settingsFile,
} from './follow-settings.ts';
import { openZooKeeperSource } from './zookeeper-source.ts';

/** The sources from which settings are read again when they change, and all settings as they were resolved at the start. */
export interface LiveSource {
  /** Includes the address of ZooKeeper, where it is used. */
  readonly base: LoadedSettings;
  /** The settings file's path as given: relative to the working directory, or absolute. */
  readonly file?: string | undefined;
}

export interface SourcesToFollow extends LiveSource {
  readonly activation: ModelActivation;
  /** Whether what the base asks for is active. */
  readonly isModelActive: boolean;
}

/** Follows the settings file and ZooKeeper, where there are any, until the signal aborts. */
export async function followSettingsSources(
  { base, file, activation, isModelActive }: SourcesToFollow,
  follower: SettingsFollower,
): Promise<void> {
  const zookeeper = openZooKeeperSource(base.settings, follower.log);
  const sources: FollowedSource[] = file === undefined ? [] : [settingsFile(file)];
  if (zookeeper !== undefined) {
    const { location, source, cache } = zookeeper;
    sources.push({ location, source, keep: (nested) => cache.keep(nested) });
    // What the start was resolved with was good.
    await cache.keep(nestedSettings(base.layers.live.entries)).catch(() => {});
  }
  // With ZooKeeper an activation is a setting there.
  const followed =
    zookeeper === undefined ? { base, sources, isModelActive, activation } : { base, sources, isModelActive };
  try {
    await followSettings(followed, follower);
  } finally {
    await zookeeper?.source.close();
  }
}
