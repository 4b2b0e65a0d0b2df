import type { SqlServerAccess } from '../../cluster/sql-server.ts';

/** Where the parts of a cluster on this machine are. Stored, so that the next start takes the same ports if it can. */
export interface ClusterEndpoints {
  readonly kafka: {
    readonly broker: string;
    readonly topics: { readonly source: string; readonly verdicts: string; readonly deadLetters: string };
  };
  readonly zookeeper: { readonly hosts: string; readonly path: string };
  readonly hdfs: { readonly url: string; readonly path: string };
  readonly mysql: SqlServerAccess;
  readonly daemons: readonly ClusterDaemon[];
  readonly prometheus: { readonly url: string };
  readonly load: { readonly perSecond: number };
}

export interface ClusterDaemon {
  readonly name: string;
  /** Addresses of its listeners. */
  readonly api: string;
  readonly ops: string;
  /** Path of its settings. */
  readonly settings: string;
}
