import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterFolder, ClusterRecord } from '../../cluster/cluster-folder.ts';
import { endProcesses, type ProcessRecord } from '../../cluster/end-processes.ts';
import { HdfsServer } from '../../cluster/hdfs-server.ts';
import { KafkaServer } from '../../cluster/kafka-server.ts';
import { startMysqlServer } from '../../cluster/mysql-server.ts';
import { processIdentity } from '../../cluster/process-identity.ts';
import { layPrometheusFolder, PrometheusServer } from '../../cluster/prometheus-server.ts';
import { endToolRuns } from '../../cluster/run-to-end.ts';
import { ServiceProcess } from '../../cluster/service-process.ts';
import { ZooKeeperServer } from '../../cluster/zookeeper-server.ts';
import type { Log } from '../../ports/log.ts';
import { topicsOf } from '../../settings/contradictions.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openModelManager } from '../models/manage-models.ts';
import { makeTopics } from '../open/open-kafka.ts';
import type { ClusterEndpoints } from './cluster-endpoints.ts';
import { writeClusterKeys } from './cluster-keys.ts';
import { clusterProfile, daemonSettings, settingsOfFile } from './cluster-settings.ts';
import { chooseClusterPorts, clusterDaemons, planCluster } from './plan-cluster.ts';
import { startDaemonProcess, startLoadProcess } from './start-sluice-process.ts';

export interface StartCluster {
  readonly folder: ClusterFolder<ClusterEndpoints>;
  readonly packageRoot: string;
  /** Synthetic messages a second; 0 for none. */
  readonly perSecond: number;
  readonly log: Log;
  /** A sentence about what is being done or has been, for people. */
  readonly progress: (text: string) => void;
  /** Ends what was started so far. */
  readonly signal: AbortSignal;
}

/** Folders of all that the cluster keeps. */
export const clusterParts = [
  'kafka',
  'zookeeper',
  'mysql',
  'hdfs',
  'prometheus',
  'load',
  ...clusterDaemons,
] as const;

const SCRAPE_SECONDS = 5;
const MEBIBYTE = 1024 * 1024;
/** A cluster that is forgotten must not fill the disk. */
const RETENTION = {
  'log.retention.bytes': 64 * MEBIBYTE,
  'log.segment.bytes': 16 * MEBIBYTE,
  'log.retention.check.interval.ms': 60_000,
};

/**
 * Starts all of it, one after the other, and lets it go on when this process ends. What was started is written down at
 * once; where one part fails, or the signal comes, all of it is ended again. Throws what failed.
 */
export async function startCluster(options: StartCluster): Promise<ClusterRecord<ClusterEndpoints>> {
  const { folder, signal } = options;
  const started: ServiceProcess[] = [];
  let record: ClusterRecord<ClusterEndpoints> | undefined;
  let over = false;
  const write = (whole: boolean, processes: readonly ProcessRecord[], places: ClusterEndpoints) => {
    record = { whole, processes, places };
    folder.write(record);
    return record;
  };
  ServiceProcess.spawned = (service) => {
    started.push(service);
    const { name, pid, outputFile, stopSeconds } = service;
    const identity = processIdentity(pid);
    // One that has ended already is seen by who waits for it.
    if (identity !== undefined)
      write(
        false,
        [...record!.processes, { name, pid, identity, log: outputFile, stopSeconds }],
        record!.places,
      );
    if (over) void service.kill();
  };
  const end = async () => {
    over = true;
    endToolRuns();
    await endProcesses(record?.processes ?? []);
  };
  const onAbort = () => void end();
  signal.addEventListener('abort', onAbort);
  try {
    const places = await startAll(options, (known) => write(false, record?.processes ?? [], known));
    signal.throwIfAborted();
    write(true, record!.processes, places);
    for (const service of started) service.release();
    return record!;
  } catch (error) {
    await end();
    if (record !== undefined) write(false, [], record.places);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    ServiceProcess.spawned = undefined;
  }
}

/** `known`: called with the places before anything runs there. */
async function startAll(
  options: StartCluster,
  known: (places: ClusterEndpoints) => void,
): Promise<ClusterEndpoints> {
  const { folder, packageRoot, perSecond, log, progress, signal } = options;
  const profile = await clusterProfile(packageRoot);
  const ports = await chooseClusterPorts(folder.read()?.places);
  const steps = new Steps(progress, signal);
  const planned = planCluster(folder.path, ports, perSecond);
  known(planned);

  const zookeeper = await steps.service('ZooKeeper', (fetching) =>
    ZooKeeperServer.start({ folder: folder.part('zookeeper'), port: ports.zookeeper, fetching }),
  );
  const kafka = await steps.service('Kafka', (fetching) =>
    KafkaServer.start({
      folder: folder.part('kafka'),
      port: ports.kafka,
      heapMebibytes: 384,
      properties: RETENTION,
      fetching,
    }),
  );
  const mysql = await steps.service('MySQL', (fetching) =>
    startMysqlServer({ folder: folder.part('mysql'), port: ports.mysql, fetching }),
  );
  const hdfs = await steps.service('HDFS', (fetching) =>
    HdfsServer.start({ folder: folder.part('hdfs'), httpPort: ports.hdfs, fetching }),
  );

  const addresses = {
    broker: kafka.broker,
    zookeeper: zookeeper.hosts,
    hdfs: hdfs.url,
    mysql: mysql.access,
  };
  for (const [at, { name, settings }] of planned.daemons.entries()) {
    const place = {
      name,
      folder: folder.part(name),
      apiPort: ports.daemons[at]!.api,
      opsPort: ports.daemons[at]!.ops,
    };
    const text = JSON.stringify(daemonSettings(profile, addresses, place), null, 2);
    // JSON is YAML too.
    writeFileSync(settings, `# config/cluster.yaml on this cluster. Written at each start.\n${text}\n`, {
      mode: 0o600,
    });
  }
  const { settings } = await settingsOfFile(planned.daemons[0]!.settings, packageRoot);
  const topics = topicsOf(settings);
  const places: ClusterEndpoints = {
    ...planned,
    kafka: {
      broker: kafka.broker,
      topics: { source: topics.source, verdicts: topics.verdicts, deadLetters: topics.deadLetters },
    },
    zookeeper: { hosts: zookeeper.hosts, path: settings.zookeeper.path },
    hdfs: { url: hdfs.url, path: settings.model.hdfs.path ?? '' },
    mysql: mysql.access,
  };
  known(places);

  await steps.one('topics', () => makeTopics(settings, log));
  await steps.one('keys in ZooKeeper', () => writeClusterKeys(settings));
  await steps.one('the model that ships, in HDFS', () => pushModel(settings, packageRoot, progress));
  await steps.service('two daemons', () =>
    Promise.all(
      places.daemons.map((daemon) => startDaemonProcess(daemon, folder.part(daemon.name), packageRoot)),
    ),
  );
  if (perSecond > 0)
    await steps.service('load', () =>
      startLoadProcess(perSecond, folder.path, folder.part('load'), packageRoot),
    );
  await steps.service('Prometheus', async (fetching) => {
    const to = folder.part('prometheus');
    const configFile = await layPrometheusFolder({
      from: join(packageRoot, 'config', 'prometheus'),
      to,
      targets: places.daemons.map(({ ops }) => new URL(ops).host),
      everySeconds: SCRAPE_SECONDS,
    });
    return await PrometheusServer.start({ folder: to, configFile, port: ports.prometheus, fetching });
  });
  return places;
}

/** Says what is done and how long it took; begins nothing after the signal. */
class Steps {
  readonly #progress: (text: string) => void;
  readonly #signal: AbortSignal;

  constructor(progress: (text: string) => void, signal: AbortSignal) {
    this.#progress = progress;
    this.#signal = signal;
  }

  async service<T>(name: string, start: (fetching: () => void) => Promise<T>): Promise<T> {
    const fetching = () =>
      this.#progress(`${name}: is fetched, once for this machine; that may take some minutes …`);
    return await this.one(name, () => start(fetching));
  }

  async one<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const from = performance.now();
    const result = await work();
    this.#progress(`${name}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
    return result;
  }
}

/** Pushes the newest model of the package. It becomes the active one where none is: somebody may have chosen another. */
async function pushModel(
  settings: Settings,
  packageRoot: string,
  warn: (text: string) => void,
): Promise<void> {
  const shipped = join(packageRoot, 'native-models', 'default');
  const models = openModelManager({ ...settings, model: { ...settings.model, localPath: shipped } }, warn);
  const { version } = await models.push(undefined);
  if ((await models.active()) === undefined) await models.activate(version);
}
