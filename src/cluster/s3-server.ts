import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { installJava, mavenFolder } from './maven-folder.ts';
import { RestartableService } from './restartable-service.ts';
import { ServiceProcess } from './service-process.ts';

export interface S3ServerOptions {
  /** Where it keeps its data and its output. */
  readonly folder: string;
  /** A free one where left out. */
  readonly port?: number;
  readonly fetching?: () => void;
}

const READY_SECONDS = 120;
const BUCKET = 'sluice';
const ACCESS_KEY_ID = 'sluice';
const SECRET_ACCESS_KEY = 'sluice-secret';

/** An S3-compatible server (S3Proxy) on the loopback address with one bucket, whose objects are files and outlive a kill. */
export class S3Server extends RestartableService {
  readonly port: number;
  readonly bucket = BUCKET;
  readonly accessKeyId = ACCESS_KEY_ID;
  readonly secretAccessKey = SECRET_ACCESS_KEY;

  private constructor(port: number, process: ServiceProcess, begin: () => Promise<ServiceProcess>) {
    super(process, begin);
    this.port = port;
  }

  /** Resolves when it serves. Throws `SERVICE_FAILED`. */
  static async start({ folder, port, fetching }: S3ServerOptions): Promise<S3Server> {
    const jars = await mavenFolder({
      name: 's3proxy',
      artifacts: [
        { coordinates: 'org.gaul:s3proxy:4.1.0' },
        // Of its two versions of Jackson Maven would take the older annotations, with which the newer does not start.
        { coordinates: 'com.fasterxml.jackson.core:jackson-annotations:2.21' },
      ],
      ...(fetching === undefined ? {} : { fetching }),
    });
    const chosen = port ?? (await freePort());
    // A folder is a bucket.
    await mkdir(join(folder, 'data', BUCKET), { recursive: true });
    await writeFile(join(folder, 's3proxy.conf'), settingsOf(folder, chosen));
    await writeFile(join(folder, 'logback.xml'), quiet);
    const begin = () => run(folder, jars, chosen);
    return new S3Server(chosen, await begin(), begin);
  }

  /** As the setting `model.s3.endpoint` takes it. */
  get url(): string {
    return urlOf(this.port);
  }
}

/** Without it, each request is some lines of output. */
const quiet = `<configuration>
  <appender name="output" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %level %logger %msg%n</pattern></encoder></appender>
  <root level="warn"><appender-ref ref="output"/></root>
</configuration>
`;

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function settingsOf(folder: string, port: number): string {
  return [
    's3proxy.authorization=aws-v4',
    `s3proxy.identity=${ACCESS_KEY_ID}`,
    `s3proxy.credential=${SECRET_ACCESS_KEY}`,
    `s3proxy.endpoint=${urlOf(port)}`,
    'jclouds.provider=filesystem-nio2',
    `jclouds.filesystem.basedir=${join(folder, 'data')}`,
    '',
  ].join('\n');
}

function run(folder: string, jars: string, port: number): Promise<ServiceProcess> {
  return ServiceProcess.start({
    name: 'S3',
    command: 'java',
    args: [
      '-Xmx128m',
      '-Djava.net.preferIPv4Stack=true',
      `-Dlogback.configurationFile=${join(folder, 'logback.xml')}`,
      '-cp',
      join(jars, '*'),
      'org.gaul.s3proxy.Main',
      '--properties',
      join(folder, 's3proxy.conf'),
    ],
    outputFile: join(folder, 'output.log'),
    // A server that is ready refuses a request without a signature.
    ready: async () => (await fetch(urlOf(port), { signal: AbortSignal.timeout(2000) })).status === 403,
    readySeconds: READY_SECONDS,
    stopSeconds: 5,
    install: installJava,
  });
}
