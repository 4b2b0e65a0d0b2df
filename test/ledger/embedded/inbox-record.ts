import type { EventLog } from '../event-log.ts';
import type { Expected } from '../ledger-events.ts';

/** A line that a reader can find: its newline is written, or nothing will follow it. */
export interface WrittenLine {
  readonly id: string;
  /** Where it begins and where the next one does. */
  readonly start: number;
  readonly end: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly expected: Expected;
  delivered: boolean;
}

const HEAD_BYTES = 1024;

/** One life of a file of the inbox, from its first byte to the rotation that ends it. The ledger's "partition". */
export class FileGeneration {
  readonly index: number;
  readonly name: string;
  readonly lines: WrittenLine[] = [];
  /** The first bytes, by which an entry of the daemon's offsets is known to be of this file. */
  head: Buffer = Buffer.alloc(0);
  /** Its name has been taken away or its bytes have. */
  ended = false;
  #delivered = 0;
  #firstOpen = 0;

  constructor(index: number, name: string) {
    this.index = index;
    this.name = name;
  }

  get isDelivered(): boolean {
    return this.#delivered === this.lines.length;
  }

  /** Index of the first line without an outcome. */
  get firstUndelivered(): number {
    while (this.lines[this.#firstOpen]?.delivered) this.#firstOpen++;
    return this.#firstOpen;
  }

  markDelivered(line: WrittenLine): void {
    if (line.delivered) return;
    line.delivered = true;
    this.#delivered++;
  }

  addHead(bytes: Uint8Array): void {
    if (this.head.length < HEAD_BYTES)
      this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES - this.head.length)]);
  }

  /** How many lines end at or before an offset; one more where the offset is inside a line, which nobody may commit. */
  linesBelow(offset: number): number {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lines[middle]!.end <= offset) low = middle + 1;
      else high = middle;
    }
    return (this.lines[low - 1]?.end ?? 0) === offset ? low : low + 1;
  }
}

export interface LineLocation {
  readonly generation: FileGeneration;
  /** Index among the lines of its generation. The ledger's "offset". */
  readonly index: number;
}

/** All that was written into the inbox, by whom nobody but the run knows. */
export class InboxRecord {
  readonly generations: FileGeneration[] = [];
  readonly #byId = new Map<string, LineLocation>();
  readonly #byStart = new Map<string, LineLocation[]>();
  readonly #events: EventLog;

  constructor(events: EventLog) {
    this.#events = events;
  }

  begin(name: string): FileGeneration {
    const generation = new FileGeneration(this.generations.length, name);
    this.generations.push(generation);
    return generation;
  }

  /** Lines that follow one another in a file and have just been written. */
  add(generation: FileGeneration, lines: readonly Omit<WrittenLine, 'delivered'>[]): void {
    if (lines.length === 0) return;
    const offset = generation.lines.length;
    for (const line of lines) {
      const location = { generation, index: generation.lines.length };
      generation.lines.push({ ...line, delivered: false });
      this.#byId.set(line.id, location);
      const key = `${generation.name}/${line.start}`;
      const others = this.#byStart.get(key);
      if (others === undefined) this.#byStart.set(key, [location]);
      else others.push(location);
    }
    const ids = lines.map(({ id }) => id);
    this.#events.add({ kind: 'acknowledged', partition: generation.index, offset, ids });
  }

  find(id: string): LineLocation | undefined {
    return this.#byId.get(id);
  }

  /** Lines that ever began at this byte of a file of this name. */
  startingAt(name: string, start: number): readonly LineLocation[] {
    return this.#byStart.get(`${name}/${start}`) ?? [];
  }
}

export function lineAt({ generation, index }: LineLocation): WrittenLine {
  return generation.lines[index]!;
}
