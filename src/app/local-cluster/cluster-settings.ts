import { join } from 'node:path';
import type { SqlServerAccess } from '../../cluster/sql-server.ts';
import { readSettingsFile } from '../../settings/file-layer.ts';
import { type LoadedSettings, loadSettings } from '../../settings/load-settings.ts';

/** What a daemon's settings need to know of the cluster it belongs to. */
export interface ClusterAddresses {
  readonly broker: string;
  readonly zookeeper: string;
  readonly hdfs: string;
  readonly mysql: SqlServerAccess;
}

export interface DaemonLocation {
  readonly name: string;
  /** Of all that it keeps. */
  readonly folder: string;
  readonly apiPort: number;
  readonly opsPort: number;
}

type Nested = Readonly<Record<string, unknown>>;

/** The settings of `config/cluster.yaml`, as the package has them. */
export function clusterProfile(packageRoot: string): Promise<Nested> {
  return readSettingsFile(join(packageRoot, 'config', 'cluster.yaml'));
}

/** The profile with a cluster's addresses, and a daemon's own ports and folders. */
export function daemonSettings(profile: Nested, addresses: ClusterAddresses, place: DaemonLocation): Nested {
  const { host, port, database, user, password } = addresses.mysql;
  return merged(profile, {
    state: { path: join(place.folder, 'data') },
    kafka: { brokers: [addresses.broker], clientId: place.name },
    store: { mysql: { host, port, database, user, password } },
    model: { localPath: join(place.folder, 'models'), hdfs: { url: addresses.hdfs } },
    zookeeper: { hosts: addresses.zookeeper },
    http: { api: { port: place.apiPort }, ops: { port: place.opsPort } },
    // All of the cluster shares this machine.
    pool: { threads: 1 },
  });
}

/** Reads a settings file alone: the environment and ZooKeeper are not read. */
export function settingsOfFile(file: string, packageRoot: string): Promise<LoadedSettings> {
  return loadSettings({
    file,
    environment: {},
    assignments: [],
    baseFolders: { workingDirectory: packageRoot, packageRoot },
  });
}

function merged(base: Nested, over: Nested): Nested {
  const both = Object.entries(over).map(([name, value]) => {
    const below = base[name];
    return [name, isSection(value) && isSection(below) ? merged(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(both) };
}

function isSection(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
