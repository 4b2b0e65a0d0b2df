import { SeededRandom } from '../../src/training/seeded-random.ts';
import { answered, goesOn, partitionsOf } from './cluster-waits.ts';
import type { EventLog } from './event-log.ts';
import { type LedgerCluster, TOPIC } from './ledger-cluster.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import type { ClusterFault, FaultCounts } from './ledger-events.ts';
import type { ModelCopies } from './model-copies.ts';
import type { ModelTransfers } from './model-transfers.ts';
import { outage, outages } from './mysql-outages.ts';
import { sendOddCommunity } from './odd-communities.ts';
import type { Transactions } from './transactions.ts';
import { pause, SETTLE_SECONDS, until } from './until.ts';

export interface NemesisOptions {
  readonly seed: number;
  readonly counts: FaultCounts;
  readonly cluster: LedgerCluster;
  /** The two that are there all the time, and one that comes and goes. */
  readonly daemons: readonly [LedgerDaemon, LedgerDaemon];
  readonly guest: LedgerDaemon;
  /** Models to change between; none where no change is planned. */
  /** To change the model with; undefined where no change is planned. */
  readonly copies: ModelCopies | undefined;
  /** The version that scores at the start. */
  readonly version: string | undefined;
  /** Undefined where no transfer is to be broken. */
  readonly transfers: ModelTransfers | undefined;
  /** Undefined where no transactions are planned. */
  readonly transactions: Transactions | undefined;
  readonly events: EventLog;
  readonly say: (text: string) => void;
}

/** Kinds that follow one another; those of different tracks overlap. */
const tracks: readonly (readonly ClusterFault[])[] = [
  ['kill', 'term', 'rebalance'],
  ['broker', 'mysql', 'mysql-failover', 'zookeeper-expiry', 'model-swap', 'model-transfer'],
  ['thread-death', 'transactions', 'topic-collision'],
];
const endsMembers: ReadonlySet<ClusterFault> = new Set(['kill', 'term', 'rebalance', 'broker']);
const DEATH_EVERY_SECONDS = 4;
/** A thread dies at once when asked to. If it was idle, no batch is lost with it, and another one is asked. */
const DEATH_SEEN_SECONDS = 3;
/** Longer than a session, which is 10 s. */
const SILENCE_SECONDS = 12.5;
/** A network that swallows all, and much longer. */
const BLACK_HOLE_SECONDS = 45;

/** Does harm, in an order that a seed decides, and waits each time until the line has got over it. */
export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #random: SeededRandom;
  readonly #faults: Readonly<Record<ClusterFault, (nth: number) => Promise<string>>> = {
    kill: () => this.#kill(),
    term: () => this.#term(),
    rebalance: () => this.#rebalance(),
    broker: (nth) => this.#broker(nth),
    mysql: (nth) => this.#mysql(nth),
    'zookeeper-expiry': (nth) => this.#expiry(nth),
    'thread-death': (nth) => this.#threadDeath(nth),
    'model-swap': () => this.#modelSwap(),
    'model-transfer': (nth) => this.#modelTransfer(nth),
    'mysql-failover': () => this.#mysqlFailover(),
    transactions: (nth) => this.#transaction(nth),
    'topic-collision': (nth) => this.#topicCollision(nth),
  };
  /** Locked by faults that end a daemon and by faults that end the broker, so that only one of them measures how soon commits go on. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The line did not get over a fault: no more of them. */
  #broken = false;
  /** How often the model was changed. */
  #swaps = 0;

  constructor(options: NemesisOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
  }

  /** Resolves when all is done; rejects, once nothing is under way, with a fault that the line did not get over. */
  async run(): Promise<void> {
    const plans = tracks.map((kinds) =>
      this.#shuffled(
        kinds.flatMap((kind) =>
          Array.from({ length: this.#options.counts[kind] }, (_, nth) => ({ kind, nth })),
        ),
      ),
    );
    const ended = await Promise.allSettled(
      plans.map(async (plan) => {
        for (const { kind, nth } of plan) if (!this.#broken) await this.#do(kind, nth);
      }),
    );
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #do(kind: ClusterFault, nth: number): Promise<void> {
    const { events, say } = this.#options;
    const fault = async () => {
      if (this.#broken) return;
      const begun = performance.now();
      const how = await this.#faults[kind](nth).catch((error: unknown) => {
        this.#broken = true;
        throw error;
      });
      const seconds = Math.round(performance.now() - begun) / 1000;
      events.add({ kind: 'fault', fault: kind, how, seconds });
      say(`${kind} (${how}), over after ${seconds.toFixed(1)} s`);
    };
    if (!endsMembers.has(kind)) return await fault();
    const turn = this.#turn.then(fault);
    this.#turn = turn.catch(() => {});
    await turn;
  }

  async #kill(): Promise<string> {
    const { cluster, events } = this.#options;
    const victim = this.#random.pick(this.#options.daemons);
    const assigned = await partitionsOf(cluster, victim);
    await victim.end('SIGKILL');
    const at = Date.now();
    const [committed, ends] = await Promise.all([cluster.committed(), cluster.ends()]);
    events.add({ kind: 'killed', daemon: victim.name, assigned, committed, ends }, at);
    await victim.start();
    await goesOn(cluster, assigned, committed);
    return victim.name;
  }

  async #term(): Promise<string> {
    const { cluster, daemons } = this.#options;
    const victim = this.#random.pick(daemons);
    await partitionsOf(cluster, victim);
    await victim.end('SIGTERM');
    const committed = await cluster.committed();
    await victim.start();
    await goesOn(cluster, [...committed.keys()], committed);
    return victim.name;
  }

  async #rebalance(): Promise<string> {
    const { guest, cluster } = this.#options;
    await guest.start();
    await partitionsOf(cluster, guest);
    await guest.end('SIGTERM');
    const committed = await cluster.committed();
    await goesOn(cluster, [...committed.keys()], committed);
    return 'a third daemon came and left';
  }

  async #broker(nth: number): Promise<string> {
    const { cluster } = this.#options;
    const freezes = this.#options.counts.broker > 2 && nth % 5 === 4;
    if (freezes) {
      cluster.kafkaServer.process.freeze();
      await pause(8);
      cluster.kafkaServer.process.unfreeze();
    } else {
      await cluster.kafkaServer.process.kill();
      await cluster.kafkaServer.startAgain();
    }
    const committed = await answered(() => cluster.committed());
    await goesOn(cluster, [...committed.keys()], committed);
    return freezes ? 'frozen' : 'killed';
  }

  async #mysql(nth: number): Promise<string> {
    const { cluster, daemons } = this.#options;
    const how = outages[nth % outages.length]!;
    await outage(how, cluster, daemons);
    await until(
      () => daemons.every((each) => !each.spools),
      SETTLE_SECONDS,
      'what waited for MySQL is written',
    );
    return how;
  }

  async #mysqlFailover(): Promise<string> {
    const { daemons, cluster } = this.#options;
    const { pair } = cluster;
    if (pair === undefined) throw new Error('there is no second database to fail over to');
    const how = await pair.failOver();
    const before = await pair.activeRows();
    await until(
      async () => (await pair.activeRows()) > before && daemons.every((each) => !each.spools),
      SETTLE_SECONDS,
      'rows are written to the database that is writable now, and none wait',
    );
    return how;
  }

  async #transaction(nth: number): Promise<string> {
    const { transactions, cluster } = this.#options;
    if (transactions === undefined) throw new Error('there is no producer of transactions');
    const how = await transactions.make(nth);
    const committed = await cluster.committed();
    await goesOn(cluster, [...committed.keys()], committed);
    return how;
  }

  async #topicCollision(nth: number): Promise<string> {
    const { cluster, seed, events } = this.#options;
    const { kafka, partitions } = cluster;
    const how = await sendOddCommunity(nth, { kafka, topic: TOPIC, partitions, seed, events });
    // Until all of these are committed, and not only what lies before them.
    const ends = await cluster.ends();
    await goesOn(
      cluster,
      [...ends.keys()],
      ends.map((end) => end - 1),
    );
    return how;
  }

  async #expiry(nth: number): Promise<string> {
    const { cluster } = this.#options;
    const hole = nth % 7 === 6;
    cluster.zookeeperProxy.swallow();
    await pause(hole ? BLACK_HOLE_SECONDS : SILENCE_SECONDS);
    cluster.zookeeperProxy.pass();
    await this.#changed(() => cluster.tell({ 'messages.maxBytes': String(60_000 + nth + 1) }));
    return hole ? 'black hole' : 'expired';
  }

  async #modelSwap(): Promise<string> {
    const { cluster, copies, version, events } = this.#options;
    if (copies === undefined || version === undefined) throw new Error('there are no models to change');
    // In turns, whatever the order of the faults is: one that no daemon has seen, and the way back.
    const back = this.#swaps++ % 2 === 1;
    const model = back ? version : copies.lay();
    events.add({ kind: 'activated', model });
    await this.#changed(() => cluster.tell({ 'model-version': model }));
    return back ? 'back to the version before' : 'a new version';
  }

  async #modelTransfer(nth: number): Promise<string> {
    const { transfers, daemons, events, cluster } = this.#options;
    if (transfers === undefined) throw new Error('there is no HDFS to transfer models from');
    return await transfers.break(nth, {
      daemons,
      events,
      random: this.#random,
      tell: (keys) => cluster.tell(keys),
      watchChange: () => this.#watchChange(),
    });
  }

  /** Changes settings in ZooKeeper; resolves when they are active on both daemons. */
  async #changed(change: () => Promise<void>): Promise<void> {
    const inForce = this.#watchChange();
    await change();
    await inForce();
  }

  #watchChange(): () => Promise<void> {
    const changed = 'changed settings are active';
    const before = this.#options.daemons.map(
      (each) => [each, each.count(changed), each.count('ready')] as const,
    );
    return () =>
      until(
        () =>
          before.every(
            // One that starts meanwhile reads it as it starts.
            ([each, changes, starts]) => each.count(changed) > changes || each.count('ready') > starts,
          ),
        SETTLE_SECONDS,
        'a changed setting is in force on both daemons',
      );
  }

  async #threadDeath(nth: number): Promise<string> {
    const { cluster, daemons } = this.#options;
    await pause(DEATH_EVERY_SECONDS * (0.5 + this.#random.next()));
    const died = 'a scoring thread died under a batch; it is sent again';
    const deadline = performance.now() + SETTLE_SECONDS * 1000;
    // The one that is to lose a thread may be killed before; then the next takes its part.
    for (let turn = nth; performance.now() < deadline; turn++) {
      const victim = daemons[turn % 2]!;
      if (!victim.ready) {
        await pause(0.5);
        continue;
      }
      const before = victim.count(died);
      victim.orderThreadDeath();
      const seen = await until(() => victim.count(died) > before, DEATH_SEEN_SECONDS, died).then(
        () => true,
        () => false,
      );
      if (!seen) continue;
      const committed = await answered(() => cluster.committed());
      await goesOn(cluster, [...committed.keys()], committed);
      return victim.name;
    }
    throw new Error(`no scoring thread died within ${SETTLE_SECONDS} s`);
  }

  #shuffled<T>(list: readonly T[]): readonly T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.#random.below(rest.length), 1)[0]!);
  }
}
