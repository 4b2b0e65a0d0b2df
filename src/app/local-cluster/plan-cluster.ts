import { join } from 'node:path';
import { portsLike } from '../../cluster/free-port.ts';
import type { ClusterEndpoints } from './cluster-endpoints.ts';

/** A port of each part. */
export interface ClusterPorts {
  readonly kafka: number;
  readonly zookeeper: number;
  readonly hdfs: number;
  readonly mysql: number;
  readonly prometheus: number;
  readonly daemons: readonly { readonly api: number; readonly ops: number }[];
}

export const clusterDaemons = ['daemon-1', 'daemon-2'] as const;

/** Free ports; those of last time where they still are free. */
export async function chooseClusterPorts(before: ClusterEndpoints | undefined): Promise<ClusterPorts> {
  const portOf = (address: string | undefined) => {
    const port = Number(address?.split(':').at(-1));
    return port > 0 ? port : undefined;
  };
  const wanted = [
    portOf(before?.kafka.broker),
    portOf(before?.zookeeper.hosts),
    portOf(before?.hdfs.url),
    before?.mysql.port,
    portOf(before?.prometheus.url),
    ...clusterDaemons.flatMap((_, at) => [
      portOf(before?.daemons[at]?.api),
      portOf(before?.daemons[at]?.ops),
    ]),
  ];
  const [kafka, zookeeper, hdfs, mysql, prometheus, ...daemons] = await portsLike(wanted);
  return {
    kafka: kafka!,
    zookeeper: zookeeper!,
    hdfs: hdfs!,
    mysql: mysql!,
    prometheus: prometheus!,
    daemons: clusterDaemons.map((_, at) => ({ api: daemons[2 * at]!, ops: daemons[2 * at + 1]! })),
  };
}

/** The endpoints as they are known before anything has been started. */
export function planCluster(folder: string, ports: ClusterPorts, perSecond: number): ClusterEndpoints {
  const local = (port: number) => `http://127.0.0.1:${port}`;
  return {
    kafka: {
      broker: `127.0.0.1:${ports.kafka}`,
      topics: { source: '', verdicts: '', deadLetters: '' },
    },
    zookeeper: { hosts: `127.0.0.1:${ports.zookeeper}`, path: '' },
    hdfs: { url: local(ports.hdfs), path: '' },
    mysql: { host: '127.0.0.1', port: ports.mysql, database: '', user: '', password: '' },
    daemons: clusterDaemons.map((name, at) => ({
      name,
      api: local(ports.daemons[at]!.api),
      ops: local(ports.daemons[at]!.ops),
      settings: join(folder, name, 'settings.yaml'),
    })),
    prometheus: { url: local(ports.prometheus) },
    load: { perSecond },
  };
}
