import { ZooKeeperSettings } from '../../adapters/zookeeper/zookeeper-settings.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { LiveSettings } from '../../ports/live-settings.ts';
import type { Log } from '../../ports/log.ts';
import type { LiveLocation } from '../../settings/live-policy.ts';
import type { SettingsSources } from '../../settings/load-settings.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { keyOf, secretKeys, settingsOfKeys } from '../../settings/zookeeper-keys.ts';
import { CachedSettings } from './cached-settings.ts';

type Bootstrap = Pick<Settings, 'zookeeper' | 'state'>;

export interface ZooKeeperSource {
  readonly location: LiveLocation & { readonly layer: 'live' };
  readonly source: LiveSettings & { close(): Promise<void> };
  /** The last good settings of ZooKeeper, for starts without it. */
  readonly cache: CachedSettings;
}

/** Opens ZooKeeper as a live settings source; undefined where the settings name none. */
export function openZooKeeperSource(
  { zookeeper, state }: Bootstrap,
  log: Pick<Log, 'info' | 'warn'>,
): ZooKeeperSource | undefined {
  const { hosts, path } = zookeeper;
  if (hosts === undefined) return undefined;
  const name = `zookeeper ${hosts}${path}`;
  const warned = new Set<string>();
  const warnOnce = (key: string, text: string) => {
    if (warned.has(key)) return;
    warned.add(key);
    log.warn({ zookeeper: hosts, key: `${path}/${key}` }, text);
  };
  const source = new ZooKeeperSettings({
    ...zookeeper,
    hosts,
    settingsOf: (keys) => {
      const { settings, unknown } = settingsOfKeys(keys);
      for (const { key, nearest } of unknown) {
        const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
        warnOnce(key, `the key ${key} in ZooKeeper is no setting and is left alone${meant}`);
      }
      for (const key of secretKeys)
        if (keys.has(key))
          warnOnce(
            key,
            `the key ${key} in ZooKeeper is a secret that others can read; give it in the environment or a file`,
          );
      return settings;
    },
    log,
  });
  return { location: { layer: 'live', name, keyOf }, source, cache: new CachedSettings(state.path, name) };
}

/**
 * Reads the settings in ZooKeeper, as a layer. Where it does not answer, returns its last good settings, with a
 * warning; throws `SETTINGS_AWAY` where none are cached, `SETTINGS_UNREADABLE` where it refuses.
 */
export async function readZooKeeper(
  bootstrap: Bootstrap,
  log: Pick<Log, 'info' | 'warn'>,
): Promise<NonNullable<SettingsSources['live']> | undefined> {
  const opened = openZooKeeperSource(bootstrap, log);
  if (opened === undefined) return undefined;
  const { location, source, cache } = opened;
  try {
    return { location, settings: await source.read() };
  } catch (error) {
    if (!(error instanceof SluiceError) || !error.retriable) throw error;
    const settings = await cache.read();
    if (settings === undefined) throw error;
    log.warn({ error: describeError(error) }, 'ZooKeeper is unavailable; using its last known settings');
    return { location, settings };
  } finally {
    await source.close();
  }
}
