import { SeededRandom } from '../../../src/training/seeded-random.ts';
import type { EventLog } from '../event-log.ts';
import type { LedgerDaemon } from '../ledger-daemon.ts';
import { type EmbeddedFault, embeddedFaults, type FaultCounts } from '../ledger-events.ts';
import type { SmallDisk } from '../small-disk.ts';
import { pause, SETTLE_SECONDS, until } from '../until.ts';
import type { AliveLock } from './alive-lock.ts';
import type { InboxRecord } from './inbox-record.ts';
import type { InboxWatch } from './inbox-watch.ts';
import type { InboxWriter } from './inbox-writer.ts';

export interface EmbeddedNemesisOptions {
  readonly seed: number;
  readonly counts: FaultCounts;
  readonly daemon: LedgerDaemon;
  /** Another daemon with the same state folder. */
  readonly second: LedgerDaemon;
  readonly writers: readonly InboxWriter[];
  readonly record: InboxRecord;
  readonly watch: InboxWatch;
  readonly alive: AliveLock;
  /** Of the daemon's state; undefined where no full disk is planned. */
  readonly disk: SmallDisk | undefined;
  readonly events: EventLog;
  readonly say: (text: string) => void;
}

/** Between two faults, at most. */
const CALM_SECONDS = 1.5;
const LONGEST_DOWN_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 3;
/** A daemon that has written nothing for so long, while lines are written, is held up. */
const STILL_SECONDS = 2;
const FULL_SECONDS = 4;
/** A second daemon that is not refused runs for so long. */
const BESIDE_SECONDS = 5;

/** Disturbs the daemon of the embedded default, in an order that the seed decides, and waits each time until it has recovered. */
export class EmbeddedNemesis {
  readonly #options: EmbeddedNemesisOptions;
  readonly #random: SeededRandom;
  readonly #faults: Readonly<Record<EmbeddedFault, (nth: number) => Promise<string | undefined>>> = {
    'embedded-kill': () => this.#kill(),
    'embedded-term': () => this.#term(),
    'embedded-pause': () => this.#pause(),
    'embedded-disk': (nth) => this.#fullDisk(nth),
    'embedded-rotation': (nth) => this.#rotation(nth),
    'embedded-two-containers': () => this.#secondDaemon(),
  };

  constructor(options: EmbeddedNemesisOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
  }

  async run(): Promise<void> {
    const { counts, events, say } = this.#options;
    const rest = embeddedFaults.flatMap((kind) =>
      Array.from({ length: counts[kind] }, (_, nth) => ({ kind, nth })),
    );
    while (rest.length > 0) {
      const { kind, nth } = rest.splice(this.#random.below(rest.length), 1)[0]!;
      await pause(this.#random.next() * CALM_SECONDS);
      const begun = performance.now();
      const how = await this.#faults[kind](nth);
      const seconds = Math.round(performance.now() - begun) / 1000;
      // Writers report their rotations themselves.
      if (how !== undefined) events.add({ kind: 'fault', fault: kind, how, seconds });
      say(`${kind}${how === undefined ? '' : ` (${how})`}, over after ${seconds.toFixed(1)} s`);
    }
  }

  async #kill(): Promise<string> {
    const { daemon, alive } = this.#options;
    const downSeconds = this.#random.next() * LONGEST_DOWN_SECONDS;
    await alive.alone(async () => {
      await this.#endByKill();
      // Lines are written meanwhile.
      await pause(downSeconds);
      await daemon.start();
    });
    await this.#recovered();
    return 'kill -9';
  }

  async #endByKill(): Promise<void> {
    const { daemon, record, watch, events } = this.#options;
    await daemon.end('SIGKILL');
    const at = Date.now();
    const committed = watch.look();
    const ends = record.generations.map(({ lines }) => lines.length);
    const assigned = record.generations
      .map(({ index }) => index)
      .filter((index) => (committed[index] ?? 0) < ends[index]!);
    events.add({ kind: 'killed', daemon: daemon.name, assigned, committed, ends }, at);
  }

  async #term(): Promise<string> {
    const { daemon, alive } = this.#options;
    await alive.alone(() => this.#restart());
    await this.#recovered();
    return daemon.name;
  }

  async #restart(): Promise<void> {
    const { daemon, watch } = this.#options;
    await daemon.end('SIGTERM');
    watch.look();
    await daemon.start();
  }

  async #pause(): Promise<string> {
    const { daemon } = this.#options;
    daemon.signal('SIGSTOP');
    await pause(0.5 + this.#random.next() * LONGEST_PAUSE_SECONDS);
    daemon.signal('SIGCONT');
    await this.#recovered();
    return 'SIGSTOP, SIGCONT';
  }

  async #fullDisk(nth: number): Promise<string> {
    const { alive, disk, daemon, watch } = this.#options;
    if (disk === undefined) throw new Error('the daemon has no disk that can be filled');
    const way = (['as it is', 'after a restart', 'and kill -9'] as const)[nth % 3]!;
    await alive.alone(async () => {
      // A log of the database that begins again has to grow; an old one may have room.
      if (way === 'after a restart') await this.#restart();
      watch.suspend();
      disk.fill();
      await this.#heldUp();
      if (way === 'and kill -9') await daemon.end('SIGKILL');
      const started = way === 'and kill -9' ? daemon.start() : Promise.resolve();
      // Without room it may end as it starts, until there is some.
      started.catch(() => {});
      await pause(FULL_SECONDS);
      disk.empty();
      watch.resume();
      await started;
    });
    await this.#recovered();
    return `full ${way}`;
  }

  /** Resolves when a full disk holds the daemon up, or has ended it. */
  async #heldUp(): Promise<void> {
    const { daemon, watch } = this.#options;
    let size = -1;
    let since = performance.now();
    await until(
      () => {
        if (watch.trace.size !== size) {
          size = watch.trace.size;
          since = performance.now();
        }
        return performance.now() - since > STILL_SECONDS * 1000 || !daemon.ready;
      },
      SETTLE_SECONDS,
      'the full disk holds the daemon up',
    );
  }

  /** Waits until every file has been rotated as often as it is its turn by now. */
  async #rotation(nth: number): Promise<undefined> {
    const { writers, watch } = this.#options;
    const times = Math.floor(nth / writers.length) + 1;
    await until(
      () => writers.every(({ name, rotations }) => rotations >= times || watch.broken.has(name)),
      SETTLE_SECONDS,
      `each file is rotated ${times} times`,
    );
  }

  async #secondDaemon(): Promise<string | undefined> {
    const { second } = this.#options;
    const refused = await second.isRefused(BESIDE_SECONDS);
    await this.#recovered();
    // One that is not refused is found by its end.
    return refused ? 'the second is refused' : undefined;
  }

  /** Resolves when all that was written until now has its outcome. */
  async #recovered(): Promise<void> {
    const { watch, daemon } = this.#options;
    const by = Date.now();
    await until(
      () => watch.isDelivered(by) || !daemon.alive,
      SETTLE_SECONDS,
      'what was written until the fault was over has its outcome',
    );
    if (!daemon.alive) throw new Error(`${daemon.name} ended for good; see ${daemon.folder}/daemon.log`);
  }
}
