import kafkajs, { type Admin, type Consumer, type ConsumerConfig, type Kafka } from 'kafkajs';
import { SluiceError } from '../../core/errors.ts';

/*
 * The one place that reaches into kafkajs (2.2.4, which is no longer developed). It has no hook before a rebalance, does not
 * let the answer to a fetch be read otherwise, does not say which fetch a batch came with, and asks for the end of a
 * partition only as far as there is no open transaction. All of this goes through the cluster that a client makes for each
 * consumer and admin, under a property named by a symbol; so what is changed here is changed for that consumer alone, and
 * no file of the package is touched.
 */

/** What a fetch asks for, as kafkajs hands it to its protocol. */
export interface FetchRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

/** A request of kafkajs' protocol, with how its answer is read. */
export interface ProtocolRequest {
  readonly request: { readonly apiVersion: number };
  readonly response: { readonly decode: (raw: Buffer) => Promise<unknown> };
}

/** Commits offsets under one membership of the group, once. Rejects with what kafkajs throws, also when that membership has ended. */
export type CommitOnce = (
  topic: string,
  partitions: readonly { readonly partition: number; readonly offset: string }[],
) => Promise<void>;

export interface ConsumerTap {
  /** Called before each request to join the group, which waits for it. Must not reject. */
  joining(): Promise<void>;
  /** Called when a request to join was granted; the partitions are not known yet. */
  granted(commit: CommitOnce): void;
  /** Called as a fetch is about to be sent; what it returns is sent. */
  fetching(nodeId: number, asked: FetchRequest, made: ProtocolRequest): ProtocolRequest;
}

interface Broker {
  readonly nodeId: number;
  readonly lookupRequest: (key: number, definition: unknown) => (asked: FetchRequest) => ProtocolRequest;
  fetch(request: unknown): Promise<unknown>;
  joinGroup(request: { readonly groupId: string }): Promise<Membership>;
  offsetCommit(request: unknown): Promise<unknown>;
}

interface Membership {
  readonly generationId: number;
  readonly memberId: string;
}

interface Cluster {
  isolationLevel?: number;
  findBroker(of: unknown): Promise<Broker>;
}

type MakesClusters = Kafka & Record<symbol, (options: object) => Cluster>;

const READ_UNCOMMITTED = 0;

/** A consumer whose joins and fetches go through the tap. Throws `INTERNAL` where kafkajs is not as it is known here. */
export function tappedConsumer(kafka: Kafka, config: ConsumerConfig, tap: ConsumerTap): Consumer {
  const tapped = new WeakSet<Broker>();
  return withClusters(kafka, (cluster) => {
    const { findBroker } = cluster;
    cluster.findBroker = async (of) => {
      const broker = await findBroker.call(cluster, of);
      if (!tapped.has(broker)) {
        tapped.add(broker);
        tapBroker(broker, tap);
      }
      return broker;
    };
  }).consumer(config);
}

/**
 * An admin to which a partition ends behind its last record, be that of an open transaction or not; to others it ends where
 * the first open transaction begins. Throws as {@link tappedConsumer}.
 */
export function adminReadingUncommitted(kafka: Kafka): Admin {
  return withClusters(kafka, (cluster) => {
    cluster.isolationLevel = READ_UNCOMMITTED;
  }).admin();
}

function tapBroker(broker: Broker, tap: ConsumerTap): void {
  const { fetch, joinGroup } = broker;
  // As itself, but for what it looks the request up by.
  const fetching = Object.create(broker, {
    lookupRequest: {
      value: (key: number, definition: unknown) => {
        const make = broker.lookupRequest(key, definition);
        return (asked: FetchRequest) => tap.fetching(Number(broker.nodeId), asked, make(asked));
      },
    },
  }) as Broker;
  broker.fetch = (request) => fetch.call(fetching, request);
  broker.joinGroup = async (request) => {
    await tap.joining();
    const membership = await joinGroup.call(broker, request);
    const { groupId } = request;
    const { generationId: groupGenerationId, memberId } = membership;
    tap.granted(async (topic, partitions) => {
      await broker.offsetCommit({ groupId, groupGenerationId, memberId, topics: [{ topic, partitions }] });
    });
    return membership;
  };
}

/** The same client, but that what it makes of clusters is changed first. */
function withClusters(kafka: Kafka, change: (cluster: Cluster) => void): Kafka {
  const symbol = clusterSymbol();
  const { [symbol]: makeCluster } = kafka as MakesClusters;
  if (makeCluster === undefined) throw unknownKafkajs();
  return Object.create(kafka, {
    [symbol]: {
      value: (options: object) => {
        const cluster = makeCluster.call(kafka, options);
        change(cluster);
        return cluster;
      },
    },
  }) as Kafka;
}

let foundSymbol: symbol | undefined;

/** The symbol is the same for all clients; one that connects to nothing shows it. */
function clusterSymbol(): symbol {
  const client = () => new kafkajs.Kafka({ brokers: ['none:1'], logLevel: kafkajs.logLevel.NOTHING });
  foundSymbol ??= Object.getOwnPropertySymbols(client()).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (foundSymbol === undefined) throw unknownKafkajs();
  return foundSymbol;
}

function unknownKafkajs(): SluiceError {
  return new SluiceError(
    'INTERNAL',
    'kafkajs is not the version that Sluice knows (2.2.4); install the packages of its package-lock.json',
  );
}
