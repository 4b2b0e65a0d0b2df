import { ZooKeeperClient } from '../../adapters/zookeeper/zookeeper-client.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { ZooKeeperKey } from '../../settings/zookeeper-keys.ts';

/**
 * Writes the keys that settings stand for into their ZooKeeper: addresses as they are now; thresholds only where there are none,
 * since somebody may have changed them there. No password, and no path of a disk. Throws `SERVICE_FAILED`.
 */
export async function writeClusterKeys(settings: Settings): Promise<void> {
  const { hosts = '', path, auth, deadlineSeconds } = settings.zookeeper;
  const { model, source, store, kafka, decide } = settings;
  const addresses: Partial<Record<ZooKeeperKey, string>> = {
    'hadoop-url': model.hdfs.url ?? '',
    'hdfs-path': model.hdfs.path ?? '',
    'topic-name': source.topic,
    'kafka-partitions': String(kafka.partitions),
    'jdbc-host': store.mysql.host,
    'jdbc-port': String(store.mysql.port),
    'jdbc-db': store.mysql.database,
    'jdbc-user': store.mysql.user,
  };
  const thresholds: Partial<Record<ZooKeeperKey, string>> = {
    'reject-prob-min': String(decide.rejectMin),
    'reject-prob-max': String(decide.rejectMax),
  };
  const client = new ZooKeeperClient({ hosts, auth, deadlineSeconds });
  try {
    const there = new Set(await client.children(path));
    const missing = Object.entries(thresholds).filter(([key]) => !there.has(key));
    await client.write(path, new Map([...Object.entries(addresses), ...missing]));
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError('SERVICE_FAILED', `its keys could not be written: ${error.message}`, {
      cause: error,
    });
  } finally {
    await client.close();
  }
}
