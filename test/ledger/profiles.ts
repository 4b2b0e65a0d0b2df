import {
  type ClusterFault,
  clusterFaults,
  type EmbeddedFault,
  embeddedFaults,
  type FaultCounts,
  type FaultKind,
  faultCounts,
} from './ledger-events.ts';

/** How many faults of each kind, where it runs alone. */
export const profiles: Readonly<Record<string, FaultCounts>> = {
  short: {
    kill: 5,
    term: 3,
    broker: 2,
    mysql: 3,
    'zookeeper-expiry': 2,
    'thread-death': 10,
    rebalance: 5,
    'model-swap': 2,
    'model-transfer': 2,
    'mysql-failover': 2,
    transactions: 12,
    'topic-collision': 7,
    'embedded-kill': 3,
    'embedded-term': 1,
    'embedded-pause': 1,
    'embedded-disk': 2,
    'embedded-rotation': 15,
    'embedded-two-containers': 1,
  },
  full: {
    kill: 50,
    term: 50,
    broker: 25,
    mysql: 20,
    'zookeeper-expiry': 23,
    'thread-death': 100,
    rebalance: 50,
    'model-swap': 100,
    'model-transfer': 50,
    'mysql-failover': 20,
    transactions: 200,
    'topic-collision': 28,
    'embedded-kill': 50,
    'embedded-term': 50,
    'embedded-pause': 30,
    'embedded-disk': 20,
    'embedded-rotation': 200,
    'embedded-two-containers': 10,
  },
};

/** Kinds that need services or settings of their own, and so are not among those that run at once. */
const alone: ReadonlySet<FaultKind> = new Set([
  'model-swap',
  'model-transfer',
  'mysql-failover',
  'transactions',
  'topic-collision',
] satisfies ClusterFault[]);

/** Kinds that only root can do: a disk to fill, and a PID namespace. */
const rootOnly: ReadonlySet<FaultKind> = new Set([
  'embedded-disk',
  'embedded-two-containers',
] satisfies EmbeddedFault[]);

/** The counts of all kinds that run on the services at once. */
export function clusterAtOnce(planned: FaultCounts): FaultCounts {
  return only(
    planned,
    clusterFaults.filter((kind) => !alone.has(kind)),
  );
}

/** The counts of all kinds of the embedded default at once; of those that need root, none where there is no root. */
export function embeddedAtOnce(planned: FaultCounts): FaultCounts {
  const isRoot = process.getuid?.() === 0;
  return only(
    planned,
    embeddedFaults.filter((kind) => isRoot || !rootOnly.has(kind)),
  );
}

export function isEmbedded(kind: FaultKind): kind is EmbeddedFault {
  return (embeddedFaults as readonly FaultKind[]).includes(kind);
}

function only(planned: FaultCounts, kinds: readonly FaultKind[]): FaultCounts {
  return faultCounts(Object.fromEntries(kinds.map((kind) => [kind, planned[kind]])));
}
