import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { debianArchive } from './debian-archive.ts';
import { freePort } from './free-port.ts';
import { runToEnd } from './run-to-end.ts';
import { ServiceProcess } from './service-process.ts';

export interface PrometheusServerOptions {
  /** Folder of its data and output; made if it is missing, and used again if it is not. */
  readonly folder: string;
  /** Its `prometheus.yml`. */
  readonly configFile: string;
  readonly port?: number;
  /** Called before it is fetched. */
  readonly fetching?: () => void;
}

export interface PrometheusFolderOptions {
  /** Folder with `prometheus.yml` and `sluice.rules.yml`: the repository's `config/prometheus`. */
  readonly from: string;
  /** Made if it is missing. */
  readonly to: string;
  /** `host:port` of the ops listeners. */
  readonly targets: readonly string[];
  /** In place of the file's own intervals of scraping and of looking at the rules. */
  readonly everySeconds?: number;
}

const READY_SECONDS = 60;
const STOP_SECONDS = 20;
const TOOL_SECONDS = 120;
const INSTALL = 'apt-get install -y --no-install-recommends prometheus';

/** A Prometheus on the loopback address. Its port stays the same over restarts. */
export class PrometheusServer {
  readonly url: string;
  readonly #folder: string;
  readonly #configFile: string;
  readonly #address: string;
  readonly #command: string;
  #process: ServiceProcess | undefined;

  private constructor(options: PrometheusServerOptions, port: number, command: string) {
    this.#folder = options.folder;
    this.#configFile = options.configFile;
    this.#address = `127.0.0.1:${port}`;
    this.url = `http://${this.#address}`;
    this.#command = command;
  }

  /** Fetches and starts; resolves when it answers queries. Throws `SERVICE_FAILED`. */
  static async start(options: PrometheusServerOptions): Promise<PrometheusServer> {
    const { prometheus } = await prometheusTools(options.fetching);
    await mkdir(options.folder, { recursive: true });
    const server = new PrometheusServer(options, options.port ?? (await freePort()), prometheus);
    await server.startAgain();
    return server;
  }

  get process(): ServiceProcess {
    return this.#process!;
  }

  async startAgain(): Promise<void> {
    this.#process = await ServiceProcess.start({
      name: 'Prometheus',
      command: this.#command,
      args: [
        `--config.file=${this.#configFile}`,
        `--storage.tsdb.path=${join(this.#folder, 'data')}`,
        `--web.listen-address=${this.#address}`,
        // The packaged pages are not where the program looks for them when it is not installed.
        '--log.level=warn',
      ],
      outputFile: join(this.#folder, 'prometheus.log'),
      ready: async () => (await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(2000) })).ok,
      readySeconds: READY_SECONDS,
      stopSeconds: STOP_SECONDS,
      install: INSTALL,
    });
  }

  /** Samples of an instant query: labels and value. Throws `SERVICE_FAILED`. */
  async query(
    expression: string,
  ): Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]> {
    const address = `${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    const answer = (await response.json()) as {
      readonly error?: string;
      readonly data?: {
        readonly result: readonly {
          readonly metric: Record<string, string>;
          readonly value: [number, string];
        }[];
      };
    };
    if (answer.data === undefined)
      throw new SluiceError('SERVICE_FAILED', `Prometheus refused ${expression}: ${answer.error}`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }
}

/** Paths of Prometheus and of promtool, from Debian's package. Throws `SERVICE_FAILED`. */
export async function prometheusTools(
  fetching?: () => void,
): Promise<{ readonly prometheus: string; readonly promtool: string }> {
  const folder = await debianArchive({ name: 'prometheus', needs: 'usr/bin/promtool', fetching });
  return {
    prometheus: join(folder, 'usr', 'bin', 'prometheus'),
    promtool: join(folder, 'usr', 'bin', 'promtool'),
  };
}

/** Runs promtool to its end; answers its exit code and what it wrote. Throws `SERVICE_FAILED`. */
export async function promtool(args: readonly string[], cwd: string): ReturnType<typeof runToEnd> {
  const tools = await prometheusTools();
  return runToEnd({
    command: tools.promtool,
    args,
    cwd,
    install: INSTALL,
    deadlineSeconds: TOOL_SECONDS,
  });
}

/** Lays settings and rules as they are, beside the targets of this machine. Answers the path of the settings. */
export async function layPrometheusFolder(options: PrometheusFolderOptions): Promise<string> {
  const { from, to, targets, everySeconds } = options;
  await mkdir(to, { recursive: true });
  const settings = await readFile(join(from, 'prometheus.yml'), 'utf8');
  const configFile = join(to, 'prometheus.yml');
  await writeFile(
    configFile,
    everySeconds === undefined
      ? settings
      : settings.replaceAll(/^( *(?:scrape|evaluation)_interval: ).*$/gm, `$1${everySeconds}s`),
  );
  await copyFile(join(from, 'sluice.rules.yml'), join(to, 'sluice.rules.yml'));
  await writeFile(join(to, 'targets.json'), `${JSON.stringify([{ targets }])}\n`);
  return configFile;
}
