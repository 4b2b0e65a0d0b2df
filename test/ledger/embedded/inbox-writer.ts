import { SeededRandom } from '../../../src/training/seeded-random.ts';
import type { EventLog } from '../event-log.ts';
import { pause, until } from '../until.ts';
import type { AliveLock } from './alive-lock.ts';
import { type Hand, type HandParts, writeBy } from './hands.ts';
import { InboxFile } from './inbox-file.ts';
import { type InboxLine, LineMaker } from './inbox-lines.ts';
import type { FileGeneration, InboxRecord } from './inbox-record.ts';
import type { InboxWatch } from './inbox-watch.ts';
import type { ScoredText } from './scored-texts.ts';

export type Rotation = 'rename' | 'delete' | 'copytruncate' | 'rewrite';

/** One program that writes into the inbox. */
export interface WriterPlan {
  readonly name: string;
  readonly hand: Hand;
  /** How its file is rotated, by turns. */
  readonly rotations: readonly Rotation[];
  /** Writes between two rotations, at least and at most. */
  readonly writes: readonly [number, number];
  /** The longest pause between two writes. */
  readonly pauseSeconds: number;
}

export interface WriterParts {
  readonly inbox: string;
  readonly seed: number;
  readonly texts: readonly ScoredText[];
  readonly record: InboxRecord;
  readonly watch: InboxWatch;
  readonly alive: AliveLock;
  readonly events: EventLog;
  readonly say: (text: string) => void;
}

/** How long an outcome is waited for; faults may be in between, and a slow machine. */
const OUTCOME_SECONDS = 120;
/** How a file ends that loses its name. */
const ends = ['half a line at the end', 'whole lines', 'half a line that is completed afterwards'] as const;
/** Before a file loses its name, and until another takes it: at once, or after the daemon has looked. */
const GAPS_SECONDS = [0, 0.05, 0.5] as const;
/** Most texts fit into so many. */
const LAST_LINE_BYTES = 400;
const MEBIBYTE = 1024 * 1024;

/**
 * Writes into one file of the inbox and rotates it. It keeps to what a reader can promise: a file loses its name only while
 * the daemon has it open and stays alive, and loses its bytes only when all of them have their outcome.
 */
export class InboxWriter {
  readonly name: string;
  readonly #plan: WriterPlan;
  readonly #parts: WriterParts;
  readonly #hand: HandParts;
  #over = false;
  #rotations = 0;

  constructor(plan: WriterPlan, parts: WriterParts) {
    this.name = plan.name;
    this.#plan = plan;
    this.#parts = parts;
    const seed = [...plan.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), parts.seed);
    this.#hand = {
      file: new InboxFile(parts.inbox, plan.name, parts.record),
      lines: new LineMaker(`${parts.seed}-${plan.name.split('.')[0]}`, seed, parts.texts),
      random: new SeededRandom(seed + 1),
    };
  }

  get rotations(): number {
    return this.#rotations;
  }

  /** Resolves when all is written after {@link stop}; rejects when an outcome does not come. */
  async run(): Promise<void> {
    const { hand, rotations, writes, pauseSeconds } = this.#plan;
    const { file, random } = this.#hand;
    try {
      while (!this.#over) {
        const count = writes[0] + random.below(writes[1] - writes[0] + 1);
        for (let n = 0; n < count && !this.#over; n++) {
          await writeBy(hand, this.#hand);
          await pause(random.next() * pauseSeconds);
        }
        if (!this.#over) await this.#rotate(rotations[this.#rotations % rotations.length]!);
      }
      file.write();
    } catch (error) {
      this.#parts.watch.broken.add(this.name);
      throw error;
    } finally {
      file.close();
    }
  }

  stop(): void {
    this.#over = true;
  }

  async #rotate(rotation: Rotation): Promise<void> {
    const { events, say } = this.#parts;
    const begun = performance.now();
    const how = await this.#ways[rotation]();
    this.#rotations++;
    const seconds = Math.round(performance.now() - begun) / 1000;
    events.add({ kind: 'fault', fault: 'embedded-rotation', how, seconds });
    if (this.#rotations === 1) say(`${this.name} is rotated for the first time (${how})`);
  }

  readonly #ways: Readonly<Record<Rotation, () => Promise<string>>> = {
    rename: () => this.#loseName('rename'),
    delete: () => this.#loseName('delete'),
    copytruncate: () => this.#copyTruncate(),
    rewrite: () => this.#rewrite(),
  };

  async #loseName(how: 'rename' | 'delete'): Promise<string> {
    const { file, lines, random } = this.#hand;
    return await this.#parts.alive.shared(async () => {
      // The daemon that is alive now has the file open once it has scored a line of it.
      file.queue(lines.readable());
      file.write();
      await this.#outcomesOf(file.generation);
      await writeBy(this.#plan.hand, this.#hand);
      file.write();
      const end = this.#nextEnd(how);
      if (end !== 'whole lines') {
        const long = this.#plan.hand === 'long lines' && random.next() < 0.5;
        file.writePart(long ? lines.tooLong(3 * MEBIBYTE) : lines.readable(), 0.3 + random.next() * 0.6);
        if (end === 'half a line at the end') file.abandon();
      }
      // Whether the daemon has seen the end of the file before it loses its name makes a difference.
      await pause(random.pick(GAPS_SECONDS));
      const before = file.generation;
      if (how === 'rename') file.rename();
      else file.delete();
      await pause(random.pick(GAPS_SECONDS));
      file.queue(lines.any());
      file.write();
      await this.#outcomesOf(before);
      return `${how}, ${end}`;
    });
  }

  /** By turns, once round for each way to rotate; what is completed afterwards needs a file that is there still. */
  #nextEnd(how: 'rename' | 'delete'): (typeof ends)[number] {
    const rounds = Math.floor(this.#rotations / this.#plan.rotations.length);
    return ends[rounds % (how === 'rename' ? ends.length : ends.length - 1)]!;
  }

  async #copyTruncate(): Promise<string> {
    const { file } = this.#hand;
    file.write();
    await this.#outcomesOf(file.generation);
    file.copyTruncate();
    return 'copytruncate';
  }

  async #rewrite(): Promise<string> {
    const { file, lines } = this.#hand;
    file.write();
    await this.#outcomesOf(file.generation);
    const others: InboxLine[] = [];
    let rest = file.size;
    while (rest > 2 * LAST_LINE_BYTES) {
      const line = lines.readable();
      if (line.text.length + 1 > rest - LAST_LINE_BYTES) continue;
      others.push(line);
      rest -= line.text.length + 1;
    }
    // The last one fills what is left.
    let last: InboxLine | undefined;
    while (last === undefined) last = lines.fitting(rest - 1);
    others.push(last);
    file.rewrite(others);
    // Nothing is appended before: a length that grows would show it, too.
    await this.#outcomesOf(file.generation);
    return 'rewritten in place, same size';
  }

  /** Resolves when each line that is written so far has its outcome. */
  async #outcomesOf(generation: FileGeneration): Promise<void> {
    const { broken } = this.#parts.watch;
    await until(
      () => generation.isDelivered || broken.has(this.name),
      OUTCOME_SECONDS,
      `each line of ${this.name} has its outcome`,
    );
    if (broken.has(this.name)) throw new Error(`lines of ${this.name} are committed and have no outcome`);
  }
}
