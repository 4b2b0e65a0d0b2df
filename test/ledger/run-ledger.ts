import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerReport } from './check-ledger.ts';
import { drained } from './drained.ts';
import { EventLog } from './event-log.ts';
import { LedgerCluster, type SettingsOptions, TOPIC } from './ledger-cluster.ts';
import { LedgerDaemon } from './ledger-daemon.ts';
import { type FaultCounts, ledgerFiles } from './ledger-events.ts';
import { LedgerProducer } from './ledger-producer.ts';
import { ModelCopies } from './model-copies.ts';
import { ModelTransfers } from './model-transfers.ts';
import { outages } from './mysql-outages.ts';
import { Nemesis } from './nemesis.ts';
import { VERDICTS_BY_COMMUNITY } from './odd-communities.ts';
import { reportLag } from './reported-lag.ts';
import { runChecker } from './run-checker.ts';
import { Transactions } from './transactions.ts';
import { pause, SETTLE_SECONDS, until } from './until.ts';

export interface RunOptions {
  readonly profile: string;
  readonly counts: FaultCounts;
  readonly seed: number;
  readonly perSecond: number;
  /** Folder of models; the shipped one where left out. */
  readonly models: string | undefined;
  /** Filled by the run; the log, the dumps and the daemons' own logs are in it. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

const PARTITIONS = 8;
/** As they are written in ZooKeeper. */
const REJECT_MIN = 0.3;
const REJECT_MAX = 0.8;
/** A machine that scores fewer messages than are sent must not have to score them all at the end. */
const MOST_WAITING = 100_000;
const LOOK_SECONDS = 0.2;
const WARM_SECONDS = 3;

/** Brings up services and daemons, lets the nemesis loose under load, waits until all is through, and has it checked. */
export async function runLedger(options: RunOptions): Promise<LedgerReport> {
  const { folder, say, seed, profile, counts } = options;
  mkdirSync(folder, { recursive: true });
  const events = new EventLog(join(folder, ledgerFiles.events));
  say('Kafka, MySQL and ZooKeeper are started');
  const cluster = await LedgerCluster.start(join(folder, 'services'), {
    partitions: PARTITIONS,
    fillable: counts.mysql > outages.indexOf('disk full'),
    paired: counts['mysql-failover'] > 0,
  });
  const transfers =
    counts['model-transfer'] > 0
      ? await ModelTransfers.start(join(folder, 'services'), cluster.zookeeperSettings, options.models)
      : undefined;
  const copies =
    counts['model-swap'] > 0 ? new ModelCopies(join(folder, 'models'), options.models) : undefined;
  const daemons = join(folder, 'daemons');
  const modelOf = (name: string) => {
    if (transfers !== undefined) return transfers.settings(join(daemons, name, 'models'));
    const models = copies?.folder ?? options.models;
    return models === undefined ? '' : `model: { localPath: "${models}" }\n`;
  };
  const settings: SettingsOptions = {
    ...(counts['topic-collision'] > 0 ? { verdicts: VERDICTS_BY_COMMUNITY } : {}),
    measured: counts.transactions > 0,
  };
  const [first, second, guest] = ['first', 'second', 'guest'].map(
    (name) => new LedgerDaemon(daemons, name, cluster.settingsOf(name, modelOf(name), settings), events),
  ) as [LedgerDaemon, LedgerDaemon, LedgerDaemon];
  const all = [first, second, guest];
  try {
    events.add({
      kind: 'begin',
      planned: counts,
      partitions: PARTITIONS,
      rejectMin: REJECT_MIN,
      rejectMax: REJECT_MAX,
      seed,
      profile,
    });
    const version = transfers === undefined ? copies?.lay() : await transfers.pushNew();
    if (version !== undefined) {
      events.add({ kind: 'activated', model: version });
      await cluster.tell({ 'model-version': version });
    }
    await Promise.all([first.start(), second.start()]);
    await until(
      async () => (await cluster.assignments().catch(() => undefined))?.size === 2,
      SETTLE_SECONDS,
      'both have joined',
    );
    const watch = new CommitWatch(cluster, events);
    const { kafka } = cluster;
    const transactions =
      counts.transactions > 0
        ? await Transactions.open({ kafka, topic: TOPIC, partitions: PARTITIONS, seed, events })
        : undefined;
    const producer: LedgerProducer = new LedgerProducer({
      kafka,
      topic: TOPIC,
      partitions: PARTITIONS,
      perSecond: options.perSecond,
      seed,
      events,
      holdsBack: () => producer.acknowledged - watch.committed > MOST_WAITING,
    });
    say(`two daemons score, ${options.perSecond} messages a second are sent`);
    await producer.start();
    await pause(WARM_SECONDS);
    let broken: unknown;
    try {
      await new Nemesis({
        ...options,
        cluster,
        events,
        daemons: [first, second],
        guest,
        copies,
        version,
        transfers,
        transactions,
      }).run();
      await pause(WARM_SECONDS);
    } catch (error) {
      // What has come so far is checked all the same.
      broken = error;
      events.add({ kind: 'cut-short', reason: String(error) });
      say(`the run is cut short: ${String(error)}`);
    }
    await producer.stop();
    say(`${producer.acknowledged} messages acknowledged; the rest is waited for`);
    try {
      await transactions?.abortLast();
      if (guest.spools) await guest.start();
      await drained(cluster, all);
    } catch (error) {
      broken ??= error;
      say(String(error));
    }
    if (transactions !== undefined) await reportLag([first, second], events);
    await Promise.all(all.filter((each) => each.alive).map((each) => each.end('SIGTERM')));
    await watch.stop();
    events.add({ kind: 'committed', offsets: await cluster.committed() });
    events.add({ kind: 'ends', offsets: await cluster.ends() });
    if (broken === undefined) events.add({ kind: 'end' });
    await transactions?.close();
    await cluster.dump(
      folder,
      all.map((each) => each.folder),
    );
  } finally {
    await Promise.all(all.filter((each) => each.alive).map((each) => each.end('SIGKILL')));
    await transfers?.stop();
    await cluster.stop();
    events.close();
  }
  say('the ledger is checked');
  return await runChecker(folder);
}

/** Writes down committed offsets until it is stopped. */
class CommitWatch {
  /** Messages up to the committed offsets, when looked at last. */
  committed = 0;
  #over = false;
  readonly #watching: Promise<void>;

  constructor(cluster: LedgerCluster, events: EventLog) {
    this.#watching = this.#watch(cluster, events);
  }

  async #watch(cluster: LedgerCluster, events: EventLog): Promise<void> {
    while (!this.#over) {
      // The broker is away at times.
      const offsets = await cluster.committed().catch(() => undefined);
      if (offsets !== undefined) {
        events.add({ kind: 'committed', offsets });
        this.committed = offsets.reduce((sum, offset) => sum + offset, 0);
      }
      await pause(LOOK_SECONDS);
    }
  }

  stop(): Promise<void> {
    this.#over = true;
    return this.#watching;
  }
}
