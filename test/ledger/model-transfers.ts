import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import { HdfsServer } from '../../src/cluster/hdfs-server.ts';
import type { SeededRandom } from '../../src/training/seeded-random.ts';
import type { EventLog } from './event-log.ts';
import { HdfsProxy } from './hdfs-proxy.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import { ModelCopies } from './model-copies.ts';
import { pause, SETTLE_SECONDS, until } from './until.ts';

const MODELS = '/models';
/** Of a model's bytes, what passes at most before the cut: it falls into the first files or the last, never behind them. */
const LATEST_CUT = 0.75;
const ways = [
  'download cut',
  'upload cut',
  'download cut',
  'uploader killed',
  'HDFS killed in a download',
] as const;
const REFUSED = 'the configured model was rejected; the previous one stays active';

interface Tools {
  readonly daemons: readonly LedgerDaemon[];
  readonly events: EventLog;
  readonly random: SeededRandom;
  readonly tell: (keys: Readonly<Record<string, string>>) => Promise<void>;
  /** To be called before a change; what it answers resolves when a change since then is active on all daemons. */
  readonly watchChange: () => () => Promise<void>;
}

/** HDFS with models in it, and transfers to and from there that are broken in the middle. */
export class ModelTransfers {
  readonly #folder: string;
  readonly #hdfs: HdfsServer;
  readonly #proxy: HdfsProxy;
  readonly #copies: ModelCopies;

  private constructor(
    folder: string,
    zookeeper: string,
    hdfs: HdfsServer,
    proxy: HdfsProxy,
    copies: ModelCopies,
  ) {
    this.#folder = folder;
    this.#hdfs = hdfs;
    this.#proxy = proxy;
    this.#copies = copies;
    writeFileSync(join(folder, 'uploader.yaml'), this.settings(join(folder, 'uploader')) + zookeeper);
  }

  /** Starts HDFS in `folder`. `zookeeper`: the settings that say where the keys are. */
  static async start(folder: string, zookeeper: string, models: string | undefined): Promise<ModelTransfers> {
    const copies = new ModelCopies(join(folder, 'made'), models);
    const hdfs = await HdfsServer.start({ folder: join(folder, 'hdfs') });
    return new ModelTransfers(folder, zookeeper, hdfs, await HdfsProxy.to(hdfs.httpPort), copies);
  }

  /** Of the process that has copies in `localPath`. */
  settings(localPath: string): string {
    return `model: { store: hdfs, localPath: "${localPath}", hdfs: { url: "${this.#proxy.url}", path: ${MODELS}, deadlineSeconds: 5 } }\n`;
  }

  /** A further version, whole in HDFS. */
  async pushNew(): Promise<string> {
    const version = this.#copies.lay();
    await this.#manage('push', join(this.#copies.folder, version));
    this.#copies.remove(version);
    return version;
  }

  /**
   * Breaks one transfer, sees that the daemons refuse what is not whole, and lets it come whole then. Answers how it was
   * broken.
   */
  async break(nth: number, tools: Tools): Promise<string> {
    const way = ways[nth % ways.length]!;
    const bytes = tools.random.below(Math.floor(LATEST_CUT * this.#copies.bytes));
    const inForce = tools.watchChange();
    const version =
      way === 'download cut' || way === 'HDFS killed in a download'
        ? await this.#breakDownload(way, bytes, tools)
        : await this.#breakUpload(way, bytes, tools);
    // By the command, as people do it. The daemons ask for what was missing or away by themselves too, and may have it already.
    await this.#manage('activate', version);
    await inForce();
    return way;
  }

  async stop(): Promise<void> {
    await this.#proxy.close();
    await this.#hdfs.kill();
  }

  async #breakDownload(way: string, bytes: number, tools: Tools): Promise<string> {
    const version = await this.pushNew();
    const cut = this.#proxy.cutAfter(bytes, 'download');
    const refused = this.#refused(tools.daemons);
    await tools.tell({ 'model-version': version });
    await cut;
    if (way === 'HDFS killed in a download') await this.#hdfs.kill();
    await refused();
    this.#lookForHalves(version, tools);
    if (way === 'HDFS killed in a download') await this.#hdfs.restart();
    tools.events.add({ kind: 'activated', model: version });
    this.#proxy.mend();
    return version;
  }

  async #breakUpload(way: string, bytes: number, tools: Tools): Promise<string> {
    const version = this.#copies.lay();
    const cut = this.#proxy.cutAfter(bytes, 'upload');
    const upload = this.#command('push', join(this.#copies.folder, version));
    await cut;
    if (way === 'uploader killed') upload.child.kill('SIGKILL');
    const ended = await upload.ended;
    if (ended.code === 0) throw new Error(`a broken upload of ${version} ended as if it were whole`);
    this.#proxy.mend();
    // The daemons find nothing by that name, or half of it.
    const refused = this.#refused(tools.daemons);
    await tools.tell({ 'model-version': version });
    await refused();
    this.#lookForHalves(version, tools);
    // From now on daemons may score with it.
    tools.events.add({ kind: 'activated', model: version });
    await this.#manage('push', join(this.#copies.folder, version));
    this.#copies.remove(version);
    return version;
  }

  /** Resolves, once called, when each daemon has refused something since. */
  #refused(daemons: readonly LedgerDaemon[]): () => Promise<void> {
    const before = daemons.map((each) => [each, each.count(REFUSED)] as const);
    return () =>
      until(
        () => before.every(([each, count]) => each.count(REFUSED) > count),
        SETTLE_SECONDS,
        'both daemons have refused half of a model',
      );
  }

  /** Under its name a version must be whole or not be there. */
  #lookForHalves(model: string, { daemons, events }: Tools): void {
    for (const { name, folder } of daemons)
      if (existsSync(join(folder, 'models', model)))
        events.add({ kind: 'half-model', model, location: name });
  }

  async #manage(what: 'push' | 'activate', model: string): Promise<void> {
    let said = '';
    // HDFS may just have started, and be in safe mode still.
    for (let tries = 0; tries < 20; tries++) {
      const { code, output } = await this.#command(what, model).ended;
      if (code === 0) return;
      said = output;
      await pause(3);
    }
    throw new Error(`sluice model ${what} ${model} does not work: ${said}`);
  }

  #command(
    what: 'push' | 'activate',
    model: string,
  ): {
    readonly child: ChildProcess;
    readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  } {
    const child = spawn(
      process.execPath,
      [
        ...[join(packageRoot(), 'dist', 'sluice.js'), 'model', what, model],
        ...['--config', join(this.#folder, 'uploader.yaml')],
      ],
      { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream!.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, output })),
    );
    return { child, ended };
  }
}
