import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import type { LedgerReport } from './check-ledger.ts';
import { EventLog } from './event-log.ts';
import { LedgerCluster } from './ledger-cluster.ts';
import { LedgerDaemon } from './ledger-daemon.ts';
import { type FaultCounts, ledgerFiles } from './ledger-events.ts';
import { LedgerProducer } from './ledger-producer.ts';
import { layModelTwins } from './model-twins.ts';
import { Nemesis } from './nemesis.ts';
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
/** As they are told in ZooKeeper. */
const REJECT_MIN = 0.3;
const REJECT_MAX = 0.8;
const LOOK_SECONDS = 0.2;
const WARM_SECONDS = 3;
/** How long the rest may stand still before it is given up; how long all of it takes is the machine's affair. */
const STILL_SECONDS = 180;

/** Brings up services and daemons, lets the nemesis loose under load, waits until all is through, and has it checked. */
export async function runLedger(options: RunOptions): Promise<LedgerReport> {
  const { folder, say, seed, profile, counts } = options;
  mkdirSync(folder, { recursive: true });
  const events = new EventLog(join(folder, ledgerFiles.events));
  say('Kafka, MySQL and ZooKeeper are started');
  const cluster = await LedgerCluster.start(join(folder, 'services'), PARTITIONS);
  const swaps = counts['model-swap'] > 0;
  const models = swaps ? join(folder, 'models') : options.models;
  const versions = swaps ? layModelTwins(join(folder, 'models'), options.models) : [];
  if (swaps) await cluster.tell({ 'model-version': versions[0]! });
  const [first, second, guest] = ['first', 'second', 'guest'].map(
    (name) => new LedgerDaemon(join(folder, 'daemons'), name, cluster.settingsOf(name, models), events),
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
    await Promise.all([first.start(), second.start()]);
    await until(
      async () => (await cluster.held().catch(() => undefined))?.size === 2,
      SETTLE_SECONDS,
      'both have joined',
    );
    const watch = watchCommits(cluster, events);
    const { kafka } = cluster;
    const producer = new LedgerProducer({
      kafka,
      topic: 'messages',
      partitions: PARTITIONS,
      perSecond: options.perSecond,
      seed,
      events,
    });
    say(`two daemons judge, ${options.perSecond} messages a second are sent`);
    await producer.start();
    await pause(WARM_SECONDS);
    let broken: unknown;
    try {
      await new Nemesis({ ...options, cluster, events, daemons: [first, second], guest, versions }).run();
      await pause(WARM_SECONDS);
    } catch (error) {
      // What has come so far is checked all the same.
      broken = error;
      say(`the run is cut short: ${String(error)}`);
    }
    await producer.stop();
    say(`${producer.acknowledged} messages acknowledged; the rest is waited for`);
    try {
      if (guest.spools) await guest.start();
      await drained(cluster, all);
    } catch (error) {
      broken ??= error;
      say(String(error));
    }
    await Promise.all(all.filter((each) => each.alive).map((each) => each.end('SIGTERM')));
    await watch.stop();
    events.add({ kind: 'committed', offsets: await cluster.committed() });
    if (broken === undefined) events.add({ kind: 'end' });
    await cluster.dump(folder);
  } finally {
    await Promise.all(all.filter((each) => each.alive).map((each) => each.end('SIGKILL')));
    await cluster.stop();
    events.close();
  }
  say('the ledger is checked');
  return await checked(folder);
}

/** Resolves when all that is in the topic is judged, written and committed; rejects when that stands still. */
async function drained(cluster: LedgerCluster, daemons: readonly LedgerDaemon[]): Promise<void> {
  const ends = await cluster.ends();
  let least = Number.POSITIVE_INFINITY;
  let movedAt = performance.now();
  for (;;) {
    const committed = await cluster.committed().catch(() => []);
    const rest = ends.reduce((sum, end, partition) => sum + end - (committed[partition] ?? 0), 0);
    if (rest === 0 && daemons.every((each) => !each.spools)) return;
    if (rest < least) {
      least = rest;
      movedAt = performance.now();
    } else if (performance.now() - movedAt > STILL_SECONDS * 1000)
      throw new Error(`${rest} messages are not committed, and for ${STILL_SECONDS} s nothing has moved`);
    await pause(LOOK_SECONDS);
  }
}

function watchCommits(cluster: LedgerCluster, events: EventLog): { stop(): Promise<void> } {
  let over = false;
  const watching = (async () => {
    while (!over) {
      // The broker is away at times.
      const offsets = await cluster.committed().catch(() => undefined);
      if (offsets !== undefined) events.add({ kind: 'committed', offsets });
      await pause(LOOK_SECONDS);
    }
  })();
  return {
    stop: () => {
      over = true;
      return watching;
    },
  };
}

/** By the checker's own process: it knows the files and nothing of the run. */
function checked(folder: string): Promise<LedgerReport> {
  const program = join(packageRoot(), 'dist', 'check-ledger.js');
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [program, folder], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const last = stdout.trimEnd().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(JSON.parse(last) as LedgerReport);
      else reject(error ?? new Error(`the checker said nothing: ${stderr}`));
    }),
  );
}
