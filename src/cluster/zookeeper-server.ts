import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { installJava, mavenFolder } from './maven-folder.ts';
import { RestartableService } from './restartable-service.ts';
import { ServiceProcess } from './service-process.ts';

export interface ZooKeeperServerOptions {
  /** Where it keeps its data and its output. */
  readonly folder: string;
  /** A free one where left out. */
  readonly port?: number;
  readonly fetching?: () => void;
}

const READY_SECONDS = 60;

/** A ZooKeeper server of its own on the loopback address, whose data outlives a kill. */
export class ZooKeeperServer extends RestartableService {
  readonly port: number;

  private constructor(port: number, process: ServiceProcess, begin: () => Promise<ServiceProcess>) {
    super(process, begin);
    this.port = port;
  }

  /** Resolves when it serves. Throws `SERVICE_FAILED`. */
  static async start({ folder, port, fetching }: ZooKeeperServerOptions): Promise<ZooKeeperServer> {
    const jars = await mavenFolder({
      name: 'zookeeper',
      artifacts: [
        {
          coordinates: 'org.apache.zookeeper:zookeeper:3.9.5',
          // 3 MB of native TLS for machines of five kinds, which loopback has no use for.
          without: ['io.netty:netty-tcnative-boringssl-static'],
        },
        // Its pom names neither of the two, and the server does not start without the first.
        { coordinates: 'io.dropwizard.metrics:metrics-core:4.1.12.1' },
        { coordinates: 'org.xerial.snappy:snappy-java:1.1.10.7' },
        { coordinates: 'org.slf4j:slf4j-simple:2.0.13' },
      ],
      ...(fetching === undefined ? {} : { fetching }),
    });
    const chosen = port ?? (await freePort());
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'zoo.cfg'), settingsOf(folder, chosen));
    const begin = () => run(folder, jars, chosen);
    return new ZooKeeperServer(chosen, await begin(), begin);
  }

  /** As the setting `zookeeper.hosts` takes it. */
  get hosts(): string {
    return `127.0.0.1:${this.port}`;
  }
}

function settingsOf(folder: string, port: number): string {
  // The shortest session is two ticks: short ticks make sessions that a test can see expire.
  return [
    'tickTime=500',
    'minSessionTimeout=1000',
    'maxSessionTimeout=60000',
    `dataDir=${join(folder, 'data')}`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    '4lw.commands.whitelist=ruok,stat,mntr',
    '',
  ].join('\n');
}

function run(folder: string, jars: string, port: number): Promise<ServiceProcess> {
  return ServiceProcess.start({
    name: 'ZooKeeper',
    command: 'java',
    args: [
      '-Xmx128m',
      '-Djava.net.preferIPv4Stack=true',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      join(jars, '*'),
      'org.apache.zookeeper.server.ZooKeeperServerMain',
      join(folder, 'zoo.cfg'),
    ],
    outputFile: join(folder, 'output.log'),
    ready: async () => (await ask(port, 'ruok')) === 'imok',
    readySeconds: READY_SECONDS,
    stopSeconds: 5,
    install: installJava,
  });
}

/** One of ZooKeeper's four-letter questions. Rejects when nobody answers. */
function ask(port: number, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer within a second')));
    socket.once('connect', () => socket.write(question));
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}
