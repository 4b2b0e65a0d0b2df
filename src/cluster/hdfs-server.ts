import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { freePorts } from './free-port.ts';
import { hdfsMain } from './hdfs-main.ts';
import { installJava, mavenFolder } from './maven-folder.ts';
import { RestartableService } from './restartable-service.ts';
import { runToEnd } from './run-to-end.ts';
import { ServiceProcess } from './service-process.ts';

export interface HdfsServerOptions {
  /** Where it keeps its data and its output. */
  readonly folder: string;
  /** Port of the NameNode's HTTP; a free one where left out. */
  readonly httpPort?: number;
  readonly fetching?: () => void;
}

// Ten seconds on a quiet machine; some minutes where ten other things run on two cores.
const READY_SECONDS = 300;
const COMPILE_SECONDS = 120;

/** HDFS of one NameNode and one DataNode on the loopback address, whose data outlives a kill. */
export class HdfsServer extends RestartableService {
  readonly httpPort: number;

  private constructor(httpPort: number, process: ServiceProcess, begin: () => Promise<ServiceProcess>) {
    super(process, begin);
    this.httpPort = httpPort;
  }

  /** Resolves when it serves. Throws `SERVICE_FAILED`. */
  static async start({ folder, httpPort, fetching }: HdfsServerOptions): Promise<HdfsServer> {
    const jars = await mavenFolder({
      name: 'hdfs',
      artifacts: [
        { coordinates: 'org.apache.hadoop:hadoop-client-minicluster:3.5.0' },
        { coordinates: 'org.slf4j:slf4j-simple:1.7.36' },
      ],
      finish: compile,
      finishing: hdfsMain.source,
      ...(fetching === undefined ? {} : { fetching }),
    });
    const [rpc, http, ...others] = await freePorts(5);
    const ports = [rpc!, httpPort ?? http!, ...others];
    await mkdir(folder, { recursive: true });
    const begin = () => run(folder, jars, ports);
    return new HdfsServer(ports[1]!, await begin(), begin);
  }

  /** As the setting `model.hdfs.url` takes it. */
  get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }
}

async function compile(folder: string): Promise<void> {
  const source = join(folder, `${hdfsMain.name}.java`);
  await writeFile(source, hdfsMain.source);
  const { code, output } = await runToEnd({
    command: 'javac',
    args: ['-proc:none', '-nowarn', '-cp', join(folder, '*'), '-d', folder, source],
    install: installJava,
    deadlineSeconds: COMPILE_SECONDS,
  });
  if (code !== 0)
    throw new SluiceError('SERVICE_FAILED', `the program that runs HDFS does not compile:\n${output}`);
}

async function run(folder: string, jars: string, ports: readonly number[]): Promise<ServiceProcess> {
  // Locks that a killed process has left.
  await rm(join(folder, 'dfs', 'in_use.lock'), { force: true });
  return await ServiceProcess.start({
    name: 'HDFS',
    command: 'java',
    args: [
      '-Xmx256m',
      '-Djava.net.preferIPv4Stack=true',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      `${jars}:${join(jars, '*')}`,
      hdfsMain.name,
      join(folder, 'dfs'),
      ...ports.map(String),
    ],
    cwd: folder,
    outputFile: join(folder, 'output.log'),
    ready: /^SLUICE HDFS SERVES$/m,
    readySeconds: READY_SECONDS,
    stopSeconds: 10,
    install: installJava,
  });
}
