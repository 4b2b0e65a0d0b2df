import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import { ServiceProcess, type ServiceProcessOptions } from '../../src/cluster/service-process.ts';
import { type BenchBroker, type CommitTimes, watchCommits } from '../harness/bench-broker.ts';
import { sessionCpuSeconds } from '../harness/session-cpu.ts';

/** Messages that a peer scores at once, as many as the daemon does. */
export const PEER_BATCH = 4096;
/** Two cores in the goals; as many processes or threads as there are. */
export const PEER_WORKERS = availableParallelism();

/** Where one run of a peer reads, writes and waits. */
export interface PeerEndpoints {
  readonly broker: string;
  readonly topic: string;
  readonly group: string;
  /** Topic of its verdicts; it is there. */
  readonly verdicts: string;
  /** On the topic in all. */
  readonly messages: number;
  /** For what it keeps meanwhile. */
  readonly folder: string;
  /** A file: the peer reads nothing before it is there. */
  readonly go: string;
}

type PeerProcess = Pick<ServiceProcessOptions, 'command' | 'args' | 'environment' | 'install'>;

/** A consumer of other make that does what the daemon does: verdicts on spam to a topic, offsets after them. */
export interface KafkaPeer {
  /** As `--peer` asks for it. */
  readonly name: string;
  /** In the table. */
  readonly title: string;
  /** What it is, and what of it can be compared. */
  readonly description: string;
  /** Of the consumer group, which all must have joined before it goes; 0 where offsets are stored elsewhere. */
  readonly members: number;
  /** Each writes `ready` on a line of its own, and lives until SIGTERM. */
  processes(endpoints: PeerEndpoints): readonly PeerProcess[];
  /** Offsets committed so far, added up, where they are stored elsewhere. */
  committed?(endpoints: PeerEndpoints): Promise<number>;
  /** Called with each text as it goes onto the topic, in the order of the messages' numbers. */
  saw?(text: string): void;
  /** The topic is filled. */
  filled?(): Promise<void>;
  /** No run follows. */
  release?(): Promise<void>;
}

export interface PeerRun {
  readonly times: CommitTimes;
  /** Seconds of processor time of all its processes in that time; undefined where that cannot be known. */
  readonly cpu: number | undefined;
}

export interface PeerRunOptions {
  readonly topic: string;
  readonly partitions: number;
  readonly messages: number;
  readonly deadlineSeconds: number;
  readonly signal: AbortSignal;
}

const READY_SECONDS = 180;
const JOIN_SECONDS = 60;
const STOP_SECONDS = 15;
const LOOK_MS = 50;

/**
 * One run of a peer on a topic: `name` is its group, `verdicts-NAME` the topic of its verdicts. Nothing of it is left when this ends,
 * however that comes about. Throws `SERVICE_FAILED`, or an error with the peer's last lines where it ended by itself.
 */
export async function scoreWithPeer(
  broker: BenchBroker,
  peer: KafkaPeer,
  name: string,
  options: PeerRunOptions,
): Promise<PeerRun> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-peer-'));
  const { topic, messages, signal } = options;
  const verdicts = `verdicts-${name}`;
  const endpoints: PeerEndpoints = {
    broker: broker.address,
    topic,
    group: name,
    verdicts,
    messages,
    folder,
    go: join(folder, 'go'),
  };
  const started: ServiceProcess[] = [];
  try {
    await broker.makeTopic(verdicts, options.partitions);
    for (const process of peer.processes(endpoints)) {
      signal.throwIfAborted();
      started.push(await startPeerProcess(peer, process, folder, started.length, signal));
    }
    const alive = () => {
      signal.throwIfAborted();
      mustRun(started);
    };
    if (peer.members > 0) await untilJoined(broker, name, peer.members, alive);
    const before = await cpuOf(started);
    await writeFile(endpoints.go, '');
    const { committed } = peer;
    const times = await watchCommits(broker, name, topic, {
      deadlineSeconds: options.deadlineSeconds,
      alive,
      ...(committed === undefined ? {} : { elsewhere: () => committed.call(peer, endpoints) }),
    });
    const after = await cpuOf(started);
    return { times, cpu: before === undefined || after === undefined ? undefined : after - before };
  } finally {
    await Promise.all(started.map(endWithChildren));
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A file of `bench/peers`. */
export function peerFile(name: string): string {
  return join(packageRoot(), 'bench', 'peers', name);
}

function startPeerProcess(
  peer: KafkaPeer,
  process: PeerProcess,
  folder: string,
  number: number,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  return ServiceProcess.start({
    ...process,
    name: peer.title,
    cwd: folder,
    outputFile: join(folder, `output-${number}.txt`),
    ready: /^ready$/m,
    readySeconds: READY_SECONDS,
    stopSeconds: STOP_SECONDS,
    signal,
  });
}

function mustRun(processes: readonly ServiceProcess[]): void {
  for (const each of processes)
    if (!each.running) throw new Error(`${each.name} ended by itself; its last lines:\n${each.lastLines}`);
}

async function untilJoined(
  broker: BenchBroker,
  group: string,
  members: number,
  alive: () => void,
): Promise<void> {
  const deadline = performance.now() + JOIN_SECONDS * 1000;
  while (!(await broker.isSettled(group, members))) {
    alive();
    if (performance.now() > deadline)
      throw new Error(`the ${members} members of the group ${group} had not joined within ${JOIN_SECONDS} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function cpuOf(processes: readonly ServiceProcess[]): Promise<number | undefined> {
  const each = await Promise.all(processes.map(({ pid }) => sessionCpuSeconds(pid)));
  return each.reduce(
    (sum, seconds) => (sum === undefined || seconds === undefined ? undefined : sum + seconds),
    0,
  );
}

/** Those that it has started are of its process group, and may outlive it where it had to be killed. */
async function endWithChildren(service: ServiceProcess): Promise<void> {
  await service.stop();
  try {
    process.kill(-service.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
