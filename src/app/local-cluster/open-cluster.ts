import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockFile } from '../../adapters/libsql/lock-file.ts';
import { ClusterFolder, type ClusterRecord } from '../../cluster/cluster-folder.ts';
import { endProcesses, isRunning, type ProcessRecord } from '../../cluster/end-processes.ts';
import { userCacheFolder } from '../../cluster/maven-folder.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { packageRoot } from '../package-root.ts';
import type { ClusterEndpoints } from './cluster-endpoints.ts';
import { clusterParts, type StartCluster, startCluster } from './start-cluster.ts';

/** What is known of a cluster without asking any of its services. */
export interface ClusterStatus {
  readonly folder: string;
  /** Whether all that was started runs. */
  readonly up: boolean;
  readonly processes: readonly (ProcessRecord & { readonly running: boolean })[];
  /** Undefined where none was ever started in this folder. */
  readonly places: ClusterEndpoints | undefined;
  /** Address of the console, as its first daemon has printed it; undefined where that has not started. */
  readonly console: string | undefined;
}

/** A cluster of real services on this machine, in a folder of its own. */
export interface Cluster {
  readonly folder: string;
  status(): ClusterStatus;
  /**
   * Starts it, unless it is up already; one of which only a part runs is stopped and started again. Throws `SERVICE_FAILED`
   * or what else failed, having ended what it had started.
   */
  up(
    options: Pick<StartCluster, 'perSecond' | 'progress' | 'signal'>,
  ): Promise<{ readonly status: ClusterStatus; readonly started: boolean }>;
  /** Ends it; data are kept unless they are to be wiped. Answers what was ended. Idempotent. */
  down(options: {
    readonly wipe: boolean;
    readonly progress: (text: string) => void;
  }): Promise<readonly string[]>;
}

/** The longest path of a socket, in bytes; MySQL makes one in its folder. */
const MOST_SOCKET_BYTES = 107;

/** In `path`, or where what was fetched is kept too. Throws `SERVICE_FAILED` on systems where the services can't run. */
export function openCluster(path: string | undefined, log: Log): Cluster {
  if (process.platform !== 'linux')
    throw new SluiceError(
      'SERVICE_FAILED',
      `a cluster of processes needs Linux, and this is ${process.platform}; use config/compose.yaml`,
    );
  const folder = new ClusterFolder<ClusterEndpoints>(
    resolve(path ?? join(userCacheFolder(), 'cluster')),
    clusterParts,
    lockFile,
  );
  return {
    folder: folder.path,
    status: () => statusOf(folder, folder.read()),
    up: async (options) => {
      if (Buffer.byteLength(`${folder.path}/mysql/socket.lock`) > MOST_SOCKET_BYTES)
        throw new SluiceError(
          'USAGE',
          `${folder.path} is too long a path for MySQL’s socket; name a shorter one`,
        );
      const release = await folder.claim();
      try {
        const before = statusOf(folder, folder.read());
        if (before.up) return { status: before, started: false };
        const left = before.processes.filter(({ running }) => running);
        if (left.length > 0) {
          const gone = before.processes
            .filter(({ running }) => !running)
            .map(({ name, log }) => `${name} (${log})`);
          const why = gone.length > 0 ? `has ended: ${gone.join(', ')}` : 'a start was cut off';
          options.progress(
            `a part of the cluster does not run, ${why}; stopping the rest and starting all of it`,
          );
          await endInOrder(left);
        }
        const record = await startCluster({ ...options, folder, log, packageRoot: packageRoot() });
        return { status: statusOf(folder, record), started: true };
      } finally {
        release();
      }
    },
    down: async ({ wipe, progress }) => {
      const nothing = folder.read() === undefined;
      if (nothing) return [];
      const release = await folder.claim();
      try {
        const record = folder.read()!;
        const running = record.processes.filter(isRunning);
        if (running.length > 0) progress('finishing messages in flight …');
        await endInOrder(running);
        if (wipe) await folder.wipe();
        else folder.write({ ...record, whole: false, processes: [] });
        return running.map(({ name }) => name);
      } finally {
        release();
      }
    },
  };
}

function statusOf(
  folder: ClusterFolder<ClusterEndpoints>,
  record: ClusterRecord<ClusterEndpoints> | undefined,
): ClusterStatus {
  const processes = (record?.processes ?? []).map((each) => ({ ...each, running: isRunning(each) }));
  const up = record?.whole === true && processes.every(({ running }) => running);
  const places = record?.places;
  const daemon = processes.find(({ name }) => name === places?.daemons[0]?.name);
  return {
    ...{ folder: folder.path, up, processes, places },
    console: daemon === undefined ? undefined : consoleIn(daemon.log),
  };
}

/** The file has the output of earlier starts too. */
function consoleIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .match(/^Console: \S+/gm)
    ?.at(-1)
    ?.slice('Console: '.length);
}

const services: readonly string[] = ['ZooKeeper', 'Kafka', 'MySQL', 'HDFS'];

/** Ends what uses the services first, so that daemons can drain. */
async function endInOrder(processes: readonly ProcessRecord[]): Promise<void> {
  await endProcesses(processes.filter(({ name }) => !services.includes(name)));
  await endProcesses(processes.filter(({ name }) => services.includes(name)));
}
