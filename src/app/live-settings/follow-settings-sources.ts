import type { ModelActivation } from '../../ports/model-activation.ts';
import { nestedSettings } from '../../settings/nested-settings.ts';
import type { LiveSource } from '../daemon.ts';
import {
  type FollowedPlace,
  followSettings,
  type SettingsFollower,
  settingsFile,
} from './follow-settings.ts';
import { openZooKeeperPlace } from './zookeeper-source.ts';

export interface FollowPlaces extends LiveSource {
  readonly activation: ModelActivation;
  /** Whether what the base asks for is in force. */
  readonly inForce: boolean;
}

/** Follows the settings file and ZooKeeper, where there are any, until the signal aborts. */
export async function followPlaces(
  { base, file, activation, inForce }: FollowPlaces,
  follower: SettingsFollower,
): Promise<void> {
  const zookeeper = openZooKeeperPlace(base.settings, follower.log);
  const places: FollowedPlace[] = file === undefined ? [] : [settingsFile(file)];
  if (zookeeper !== undefined) {
    const { place, source, kept } = zookeeper;
    places.push({ place, source, keep: (nested) => kept.keep(nested) });
    // What the start was resolved with was good.
    await kept.keep(nestedSettings(base.layers.live.entries)).catch(() => {});
  }
  // With ZooKeeper an activation is a setting there.
  const followed =
    zookeeper === undefined ? { base, places, inForce, activation } : { base, places, inForce };
  try {
    await followSettings(followed, follower);
  } finally {
    await zookeeper?.source.close();
  }
}
