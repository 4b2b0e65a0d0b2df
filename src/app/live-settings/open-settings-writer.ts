import { YamlSettingsWriter } from '../../adapters/yaml/yaml-settings-writer.ts';
import { ZooKeeperSettingsWriter } from '../../adapters/zookeeper/zookeeper-settings-writer.ts';
import type { SettingsWriter } from '../../ports/settings-writer.ts';
import { parseSettings } from '../../settings/file-layer.ts';
import type { LiveLocation } from '../../settings/live-policy.ts';
import { nameOf } from '../../settings/setting-name.ts';
import { keyOf, settingsOfKeys } from '../../settings/zookeeper-keys.ts';
import type { LiveSource } from './follow-settings-sources.ts';

/** Where changed settings are written, and which layer of the settings that is. */
export interface WritableSource {
  readonly writer: SettingsWriter;
  readonly location: LiveLocation;
}

/** ZooKeeper where it is used, since it overrides the settings file; undefined where there is neither. */
export function openSettingsWriter({ base, file }: LiveSource): WritableSource | undefined {
  const { hosts, path } = base.settings.zookeeper;
  if (hosts !== undefined) {
    const writer = new ZooKeeperSettingsWriter({
      ...base.settings.zookeeper,
      hosts,
      settingsOf: (keys) => settingsOfKeys(keys).settings,
      keyOf: (setting) => keyOf(nameOf(setting)) ?? nameOf(setting),
    });
    return { writer, location: { layer: 'live', name: `zookeeper ${hosts}${path}`, keyOf } };
  }
  if (file === undefined) return undefined;
  return { writer: new YamlSettingsWriter(file, parseSettings), location: { layer: 'file', name: file } };
}
