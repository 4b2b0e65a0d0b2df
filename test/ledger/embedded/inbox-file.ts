import { closeSync, copyFileSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ID_BYTES, type InboxLine, letterOf } from './inbox-lines.ts';
import type { FileGeneration, InboxRecord, WrittenLine } from './inbox-record.ts';

const NEWLINE = Buffer.from('\n');

interface Queued {
  readonly line: InboxLine;
  /** With its newline. */
  readonly bytes: Buffer;
  written: number;
}

/** One file of the inbox as its writer holds it: what is queued is not in the file yet, as in a buffer of stdio. */
export class InboxFile {
  readonly name: string;
  readonly #path: string;
  readonly #record: InboxRecord;
  #file: number | undefined;
  #generation: FileGeneration;
  #size = 0;
  #queue: Queued[] = [];
  #rotations = 0;

  constructor(inbox: string, name: string, record: InboxRecord) {
    this.name = name;
    this.#path = join(inbox, name);
    this.#record = record;
    this.#generation = record.begin(name);
  }

  get generation(): FileGeneration {
    return this.#generation;
  }

  /** Length of the file. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that are queued and not written. */
  get buffered(): number {
    return this.#queue.reduce((sum, { bytes, written }) => sum + bytes.length - written, 0);
  }

  queue(...lines: readonly InboxLine[]): void {
    for (const line of lines)
      this.#queue.push({ line, bytes: Buffer.concat([line.text, NEWLINE]), written: 0 });
  }

  /** Writes so many of the queued bytes at once, wherever a line ends. */
  write(most = this.buffered): void {
    const parts: Buffer[] = [];
    const whole: Omit<WrittenLine, 'delivered'>[] = [];
    const at = Date.now();
    let end = this.#size;
    let rest = most;
    while (rest > 0 && this.#queue.length > 0) {
      const first = this.#queue[0]!;
      const part = first.bytes.subarray(first.written, first.written + rest);
      const start = end - first.written;
      parts.push(part);
      first.written += part.length;
      end += part.length;
      rest -= part.length;
      if (first.written < first.bytes.length) break;
      this.#queue.shift();
      const { id, expected } = first.line;
      whole.push({ id, expected, start, end, at });
    }
    this.#append(Buffer.concat(parts));
    this.#record.add(this.#generation, whole);
  }

  /** Leaves the file with the first part of a line at its end; the rest is queued. */
  writePart(line: InboxLine, share: number): void {
    this.write();
    this.queue(line);
    this.write(Math.max(ID_BYTES, Math.floor(line.text.length * share)));
  }

  /** The writer crashes: what is queued is never written, and half of a line stays at the end of the file. */
  abandon(): void {
    const [first] = this.#queue.splice(0);
    if (first === undefined || first.written === 0) return;
    const { written, bytes, line } = first;
    const expected = { outcome: 'dead-letter', letter: letterOf(bytes.subarray(0, written)) } as const;
    const range = { start: this.#size - written, end: this.#size, at: Date.now() };
    this.#record.add(this.#generation, [{ id: line.id, expected, ...range }]);
  }

  /**
   * Gives the file another name, one that the daemon does not read. What is queued is still written into it: the writer has it
   * open until the next write, which makes a new file.
   */
  rename(): void {
    const away = this.#rotatedPath();
    renameSync(this.#path, away);
    this.write();
    this.#endGeneration();
    // Nobody needs the name: the daemon has the file open.
    rmSync(away);
  }

  delete(): void {
    rmSync(this.#path);
    this.#endGeneration();
  }

  /** Copies the file away and empties it in place; the writer goes on in the same file. */
  copyTruncate(): void {
    const away = this.#rotatedPath();
    copyFileSync(this.#path, away);
    ftruncateSync(this.#open(), 0);
    this.#generation.ended = true;
    this.#startGeneration();
    rmSync(away);
  }

  /** Writes other lines over those that are there, in one go and with as many bytes. */
  rewrite(lines: readonly InboxLine[]): void {
    const bytes = Buffer.concat(lines.flatMap(({ text }) => [text, NEWLINE]));
    if (bytes.length !== this.#size) throw new Error('a file is to be rewritten with another size');
    this.#generation.ended = true;
    this.#startGeneration();
    const file = openSync(this.#path, 'r+');
    writeSync(file, bytes, 0, bytes.length, 0);
    closeSync(file);
    const at = Date.now();
    let end = 0;
    this.#generation.addHead(bytes);
    this.#size = bytes.length;
    this.#record.add(
      this.#generation,
      lines.map(({ id, expected, text }) => {
        const start = end;
        end += text.length + 1;
        return { id, expected, start, end, at };
      }),
    );
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#open(), bytes, from);
    this.#generation.addHead(bytes);
    this.#size += bytes.length;
  }

  #open(): number {
    this.#file ??= openSync(this.#path, 'a');
    return this.#file;
  }

  #endGeneration(): void {
    this.close();
    this.#generation.ended = true;
    this.#startGeneration();
  }

  #startGeneration(): void {
    this.#generation = this.#record.begin(this.name);
    this.#size = 0;
  }

  #rotatedPath(): string {
    return join(dirname(this.#path), `${basename(this.#path)}.${++this.#rotations}`);
  }
}
