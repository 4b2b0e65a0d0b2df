import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { freePorts } from './free-port.ts';
import { installJava, mavenFolder } from './maven-folder.ts';
import { runToEnd } from './run-to-end.ts';
import { makeSecuredListener, type SecuredListener, securedListener } from './secured-listener.ts';
import { ServiceProcess } from './service-process.ts';

export interface KafkaServerOptions {
  /** Folder of its data, settings and output; made if it is missing, and used again if it is not. */
  readonly folder: string;
  readonly port?: number;
  /** Called before its jars are fetched. */
  readonly fetching?: () => void;
  /** Further lines of server.properties. */
  readonly properties?: Readonly<Record<string, string | number>>;
  readonly heapMebibytes?: number;
  /** For runs of minutes, with restarts: Java's first compiler alone, which costs less than it brings later. */
  readonly shortLived?: boolean;
  /** A running broker whose cluster this one joins, without a controller of its own: the other has to run as long as this one does. */
  readonly joins?: KafkaServer;
  /** Names and passwords for a further listener, by TLS and SASL; of a folder that is used again they stay as they were. */
  readonly securedFor?: Readonly<Record<string, string>>;
}

const VERSION = '4.4.0';
// A start takes 3 s on a quiet machine, and a minute where ten other things run on two cores.
const READY_SECONDS = 120;
const STOP_SECONDS = 20;

export interface SecuredBroker {
  /** `host:port`, for clients. */
  readonly broker: string;
  /** PEM file of who signed its certificate. */
  readonly caFile: string;
}

/** One Kafka broker on the loopback address, and the controller of its cluster unless it joins another's. Its port stays the same over restarts. */
export class KafkaServer {
  /** `host:port`, for clients. */
  readonly broker: string;
  /** The same broker by TLS and SASL, where that was asked for. */
  readonly secured: SecuredBroker | undefined;
  /** Of its cluster: the controller's `node@host:port`, and how many brokers have joined it, the first included. */
  readonly #cluster: Cluster;
  readonly #folder: string;
  readonly #jars: string;
  readonly #javaArguments: readonly string[];
  #process: ServiceProcess | undefined;

  private constructor(
    broker: string,
    secured: SecuredBroker | undefined,
    cluster: Cluster,
    folder: string,
    jars: string,
    javaArguments: readonly string[],
  ) {
    this.broker = broker;
    this.secured = secured;
    this.#cluster = cluster;
    this.#folder = folder;
    this.#jars = jars;
    this.#javaArguments = javaArguments;
  }

  /** Fetches, formats and starts. Throws `SERVICE_FAILED`. */
  static async start(options: KafkaServerOptions): Promise<KafkaServer> {
    const { folder, properties = {}, heapMebibytes = 512, shortLived = false, securedFor, joins } = options;
    const jars = await kafkaJars(options.fetching);
    const [free, controllerPort, securedPort] = await freePorts(3);
    const port = options.port ?? free!;
    await mkdir(folder, { recursive: true });
    const listener = securedFor === undefined ? undefined : await makeSecuredListener(folder, securedFor);
    const ports = { plain: port, controller: controllerPort!, ...(listener && { secured: securedPort! }) };
    await writeFile(
      join(folder, 'server.properties'),
      propertiesText({
        ...ownProperties(folder, ports),
        ...(joins && joiningProperties(ports, joins.#cluster)),
        ...listener?.properties,
        ...properties,
      }),
    );
    const secured = listener && { broker: `127.0.0.1:${securedPort}`, caFile: listener.caFile };
    const cluster = joins === undefined ? { controller: controllerOf(ports), brokers: 1 } : joins.#cluster;
    const server = new KafkaServer(`127.0.0.1:${port}`, secured, cluster, folder, jars, [
      `-Xmx${heapMebibytes}m`,
      ...(shortLived ? ['-XX:TieredStopAtLevel=1'] : []),
    ]);
    await server.#format(listener, joins);
    await server.startAgain();
    return server;
  }

  get process(): ServiceProcess {
    return this.#process!;
  }

  /** After a stop or a kill, on the same port with the same data. */
  async startAgain(): Promise<void> {
    const started = performance.now();
    const from = [...this.#javaArguments, '-XX:+UseSerialGC', ...logArguments];
    this.#process = await ServiceProcess.start({
      name: 'Kafka',
      command: 'java',
      args: [...from, '-cp', `${this.#jars}/*`, 'kafka.Kafka', join(this.#folder, 'server.properties')],
      outputFile: join(this.#folder, 'kafka.log'),
      ready: /Kafka Server started/,
      readySeconds: READY_SECONDS,
      stopSeconds: STOP_SECONDS,
      install: installJava,
    });
    this.startSeconds = (performance.now() - started) / 1000;
  }

  /** How long the last start took. */
  startSeconds = 0;

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async #format(listener: SecuredListener | undefined, joins: KafkaServer | undefined): Promise<void> {
    // Its data has a cluster's id already, and no other would be taken.
    if (existsSync(join(this.#folder, 'log', 'meta.properties'))) return;
    const settings = join(this.#folder, 'server.properties');
    const cluster = joins === undefined ? newClusterId() : await joins.#clusterId();
    const tool = ['-cp', `${this.#jars}/*`, 'kafka.tools.StorageTool'];
    const { code, output } = await runToEnd({
      command: 'java',
      args: [...tool, 'format', '-t', cluster, '-c', settings, ...(listener?.formatArguments ?? [])],
      install: installJava,
      deadlineSeconds: READY_SECONDS,
    });
    if (code !== 0)
      throw new SluiceError(
        'SERVICE_FAILED',
        `Kafka's folder ${this.#folder} could not be formatted; remove it and try again:\n${output.slice(-2000)}`,
      );
  }

  async #clusterId(): Promise<string> {
    const meta = await readFile(join(this.#folder, 'log', 'meta.properties'), 'utf8');
    return /^cluster\.id=(.+)$/m.exec(meta)![1]!;
  }
}

interface Cluster {
  readonly controller: string;
  brokers: number;
}

/** One that began with a dash would be taken for an option. */
function newClusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

/** Kafka's jars. Its tools' API is left out: a broker does not need it, and it is not in the repository. */
export function kafkaJars(fetching?: () => void): Promise<string> {
  return mavenFolder({
    name: 'kafka',
    artifacts: [
      {
        coordinates: `org.apache.kafka:kafka_2.13:${VERSION}`,
        without: ['org.apache.kafka:kafka-tools-api'],
      },
      // Without one the broker writes nothing, not even that it is ready.
      { coordinates: 'org.slf4j:slf4j-simple:1.7.36' },
    ],
    ...(fetching === undefined ? {} : { fetching }),
  });
}

const logArguments = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];

interface KafkaPorts {
  readonly plain: number;
  readonly controller: number;
  readonly secured?: number;
}

function controllerOf({ controller }: KafkaPorts): string {
  return `1@127.0.0.1:${controller}`;
}

/** What a broker that joins a cluster has otherwise. */
function joiningProperties(ports: KafkaPorts, cluster: Cluster): Record<string, string | number> {
  return {
    'process.roles': 'broker',
    'node.id': ++cluster.brokers,
    listeners: advertisedListeners(ports),
    'controller.quorum.voters': cluster.controller,
  };
}

function advertisedListeners({ plain, secured }: KafkaPorts): string {
  return [
    `PLAINTEXT://127.0.0.1:${plain}`,
    ...(secured === undefined ? [] : [`${securedListener}://127.0.0.1:${secured}`]),
  ].join(',');
}

function ownProperties(folder: string, ports: KafkaPorts): Record<string, string | number> {
  const advertised = advertisedListeners(ports);
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `${advertised},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': advertised,
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,${securedListener}:SASL_SSL`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': controllerOf(ports),
    'log.dirs': join(folder, 'log'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // After a kill the next start waits for the old registration to end.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 300,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'num.network.threads': 2,
    'num.io.threads': 4,
  };
}

function propertiesText(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
