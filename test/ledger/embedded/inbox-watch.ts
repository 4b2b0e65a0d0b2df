import { readFileSync } from 'node:fs';
import type { EventLog } from '../event-log.ts';
import { pause } from '../until.ts';
import {
  committedFilesOf,
  daemonFiles,
  type FoundLetter,
  letterOfLine,
  traceLineOf,
} from './daemon-files.ts';
import { GrownLines } from './grown-lines.ts';
import { bytesFacts } from './inbox-lines.ts';
import { type FileGeneration, type InboxRecord, type LineLocation, lineAt } from './inbox-record.ts';

const LOOK_SECONDS = 0.1;

/** Looks at what the daemon has written, ten times a second: which lines have an outcome, and what is committed. */
export class InboxWatch {
  readonly trace: GrownLines;
  readonly letters: GrownLines;
  readonly #offsetsFile: string;
  readonly #record: InboxRecord;
  readonly #events: EventLog;
  readonly #committed: number[] = [];
  #over = false;
  #suspended = false;
  #watching: Promise<void> | undefined;
  #outcomes = 0;
  /** Files with a line that was committed and has no outcome, so it will never have one; and those that writers gave up. */
  readonly broken = new Set<string>();

  constructor(state: string, record: InboxRecord, events: EventLog) {
    const { trace, letters, offsets } = daemonFiles(state);
    this.trace = new GrownLines(trace);
    this.letters = new GrownLines(letters);
    this.#offsetsFile = offsets;
    this.#record = record;
    this.#events = events;
  }

  start(): void {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#watching;
  }

  /** Outcomes seen so far, repeated ones too. */
  get outcomes(): number {
    return this.#outcomes;
  }

  /** Whether all that was written by then has its outcome, save in files that are broken. */
  isDelivered(by = Number.POSITIVE_INFINITY): boolean {
    return this.#record.generations.every((generation) => {
      const first = generation.lines[generation.firstUndelivered];
      return first === undefined || first.at > by || this.broken.has(generation.name);
    });
  }

  /** Whether all that is written is committed, save in files that are broken. */
  get isCommitted(): boolean {
    return this.#record.generations.every(
      ({ index, lines, name }) => this.#committed[index] === lines.length || this.broken.has(name),
    );
  }

  /** While the disk is full, what is written may be taken back again. */
  suspend(): void {
    this.look();
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
  }

  /** Answers how many lines of each generation are committed. */
  look(): readonly number[] {
    if (this.#suspended) return [...this.#committed];
    const at = Date.now();
    // The offsets first: what is committed must have its outcome by then.
    const committed = this.#readCommitted();
    this.letters.look(at, (line) => this.#mark(letterLocation(this.#record, letterOfLine(line))));
    this.trace.look(at, (line) => {
      this.#outcomes++;
      const { message_id } = traceLineOf(line);
      if (message_id !== null) this.#mark(this.#record.find(message_id));
    });
    this.#events.add({ kind: 'committed', offsets: committed }, at);
    for (const generation of this.#record.generations) {
      const first = generation.firstUndelivered;
      if ((committed[generation.index] ?? 0) > first && first < generation.lines.length)
        this.broken.add(generation.name);
    }
    return committed;
  }

  async #watch(): Promise<void> {
    while (!this.#over) {
      this.look();
      await pause(LOOK_SECONDS);
    }
  }

  #mark(location: LineLocation | undefined): void {
    if (location !== undefined) location.generation.markDelivered(lineAt(location));
  }

  #readCommitted(): readonly number[] {
    const { generations } = this.#record;
    let text: string | undefined;
    try {
      text = readFileSync(this.#offsetsFile, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    for (const [name, entry] of Object.entries(text === undefined ? {} : committedFilesOf(text))) {
      const generation = generations.findLast(
        (each) => each.name === name && hasHead(each, entry.headBytes, entry.headSha256),
      );
      if (generation !== undefined) this.#committed[generation.index] = generation.linesBelow(entry.offset);
    }
    for (const generation of generations) {
      // Its name stands for another file now, and no offset is written down for it any more.
      if (generation.ended && generation.isDelivered)
        this.#committed[generation.index] = generation.lines.length;
      this.#committed[generation.index] ??= 0;
    }
    return [...this.#committed];
  }
}

/** The line that a dead letter is of: it began there, and its bytes are these. */
export function letterLocation(record: InboxRecord, found: FoundLetter): LineLocation | undefined {
  const candidates = record.startingAt(found.topic, found.offset);
  return candidates.find((location) => {
    const { expected } = lineAt(location);
    return expected.outcome === 'dead-letter' && expected.letter.sha256 === found.letter.sha256;
  });
}

function hasHead({ head }: FileGeneration, bytes: number, sha256: string): boolean {
  return head.length >= bytes && bytesFacts(head.subarray(0, bytes)).sha256 === sha256;
}
