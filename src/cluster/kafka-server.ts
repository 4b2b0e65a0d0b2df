import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { freePorts } from './free-port.ts';
import { installJava, mavenFolder } from './maven-folder.ts';
import { runToEnd } from './run-to-end.ts';
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
}

const VERSION = '4.4.0';
// A start takes 3 s on a quiet machine, and a minute where ten other things run on two cores.
const READY_SECONDS = 120;
const STOP_SECONDS = 20;

/** One Kafka broker, controller too, on the loopback address. Its port stays the same over restarts. */
export class KafkaServer {
  /** `host:port`, for clients. */
  readonly broker: string;
  readonly #folder: string;
  readonly #jars: string;
  readonly #javaArguments: readonly string[];
  #process: ServiceProcess | undefined;

  private constructor(broker: string, folder: string, jars: string, javaArguments: readonly string[]) {
    this.broker = broker;
    this.#folder = folder;
    this.#jars = jars;
    this.#javaArguments = javaArguments;
  }

  /** Fetches, formats and starts. Throws `SERVICE_FAILED`. */
  static async start(options: KafkaServerOptions): Promise<KafkaServer> {
    const { folder, properties = {}, heapMebibytes = 512, shortLived = false } = options;
    const jars = await kafkaJars(options.fetching);
    const [free, controllerPort] = await freePorts(2);
    const port = options.port ?? free!;
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'server.properties'),
      propertiesText({ ...ownProperties(folder, port, controllerPort!), ...properties }),
    );
    const server = new KafkaServer(`127.0.0.1:${port}`, folder, jars, [
      `-Xmx${heapMebibytes}m`,
      ...(shortLived ? ['-XX:TieredStopAtLevel=1'] : []),
    ]);
    await server.#format();
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

  async #format(): Promise<void> {
    // Its data has a cluster's id already, and no other would be taken.
    if (existsSync(join(this.#folder, 'log', 'meta.properties'))) return;
    const settings = join(this.#folder, 'server.properties');
    // One that began with a dash would be taken for an option.
    const cluster = randomBytes(16).toString('base64url').replace(/^-/, 'A');
    const tool = ['-cp', `${this.#jars}/*`, 'kafka.tools.StorageTool'];
    const { code, output } = await runToEnd({
      command: 'java',
      args: [...tool, 'format', '-t', cluster, '-c', settings],
      install: installJava,
      deadlineSeconds: READY_SECONDS,
    });
    if (code !== 0)
      throw new SluiceError(
        'SERVICE_FAILED',
        `Kafka's folder ${this.#folder} could not be formatted; remove it and try again:\n${output.slice(-2000)}`,
      );
  }
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

function ownProperties(
  folder: string,
  port: number,
  controllerPort: number,
): Record<string, string | number> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
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
