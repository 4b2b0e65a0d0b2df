import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../core/batch.ts';
import { describeError } from '../../core/errors.ts';
import { type OffsetRange, type Suspects, suspectsAfterCrash, withoutAll } from '../../core/suspects.ts';
import type { TopicPartition } from '../../core/topic-partition.ts';
import type { Log } from '../../ports/log.ts';
import type { ScoringJournal } from '../../ports/scoring-journal.ts';

const FILE = 'scoring.journal';
/** One crash may have come from anywhere: a kill, a power cut, a lack of memory. */
const SUSPECT_FROM_CRASHES = 2;
/** The file is rewritten when it is longer than that; a batch takes some hundred bytes. */
const LONGEST_FILE = 256 * 1024;
/** Stretches that are remembered: some for each crash, where they do not come again. */
const MOST_SUSPECTS = 1000;

type Line =
  | readonly ['suspects', crashes: number, topic: string, partition: number, from: number, to: number]
  | readonly ['begin', id: number, topic: string, partition: number, from: number, to: number]
  | readonly ['end', id: number];

/**
 * The journal of a daemon, in its state folder. It holds positions and no texts. It is not synced: what was written survives the
 * death of the process, and after a power cut it does not matter. Each line begins with its line break, so that one that a
 * crash cut does not spoil the next. An orderly end leaves no file, unless suspects have not come again.
 */
export class FileScoringJournal implements ScoringJournal {
  readonly #path: string;
  readonly #log: Log;
  readonly #open = new Map<number, OffsetRange>();
  #suspects: readonly Suspects[];
  #file: number | undefined;
  #bytes = 0;
  #nextId = 1;
  #failing = false;

  private constructor(path: string, log: Log, suspects: readonly Suspects[]) {
    this.#path = path;
    this.#log = log;
    this.#suspects = suspects;
  }

  /** Reads what the last process has left in the folder, if it crashed. */
  static open(folder: string, log: Log): FileScoringJournal {
    const path = join(folder, FILE);
    const suspects = suspectsOf(path).slice(0, MOST_SUSPECTS);
    const journal = new FileScoringJournal(path, log, suspects);
    for (const { topic, partition, from, to, crashes } of suspects.filter(isSuspected))
      log.warn(
        { topic, partition, from, to, crashes },
        'the process crashed each time while these messages were being scored; they are scored in a process of their own, until the one that does it is found',
      );
    journal.#attempt(() => {
      mkdirSync(folder, { recursive: true });
      journal.#rewrite();
    });
    return journal;
  }

  begin({ topic, partition, messages, nextOffset }: Batch): () => void {
    const range = { topic, partition, from: messages[0]!.offset, to: nextOffset };
    const id = this.#nextId++;
    this.#open.set(id, range);
    this.#append(['begin', id, topic, partition, range.from, range.to]);
    return () => {
      this.#open.delete(id);
      if (this.#suspects.length > 0) this.#suspects = withoutAll(this.#suspects, [range]);
      this.#append(['end', id]);
    };
  }

  suspectsIn({ topic, partition }: TopicPartition): ((offset: number) => boolean) | undefined {
    const here = this.#suspects.filter(
      (each) => isSuspected(each) && each.topic === topic && each.partition === partition,
    );
    if (here.length === 0) return undefined;
    return (offset) => here.some(({ from, to }) => from <= offset && offset < to);
  }

  /** For an orderly end; what is being scored then is no suspect because of it. Idempotent. */
  async close(): Promise<void> {
    this.#open.clear();
    this.#attempt(() => {
      if (this.#suspects.length > 0) this.#rewrite();
      else rmSync(this.#path, { force: true });
      if (this.#file !== undefined) closeSync(this.#file);
      this.#file = undefined;
    });
  }

  #append(line: Line): void {
    this.#attempt(() => {
      if (this.#file === undefined) this.#rewrite();
      const text = textOf(line);
      // To the page cache, some microseconds: it has to be there before the messages are in a scoring thread.
      writeSync(this.#file!, text);
      this.#bytes += text.length;
      if (this.#bytes > LONGEST_FILE) this.#rewrite();
    });
  }

  /** Only what is known now, in a file beside that then takes the place of the old one. */
  #rewrite(): void {
    const lines: Line[] = [
      ...this.#suspects.map(
        ({ crashes, topic, partition, from, to }) =>
          ['suspects', crashes, topic, partition, from, to] as const,
      ),
      ...[...this.#open].map(
        ([id, { topic, partition, from, to }]) => ['begin', id, topic, partition, from, to] as const,
      ),
    ];
    const text = lines.map(textOf).join('');
    const beside = `${this.#path}.new`;
    const file = openSync(beside, 'w', 0o600);
    try {
      writeSync(file, text);
      renameSync(beside, this.#path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = file;
    this.#bytes = text.length;
  }

  #attempt(action: () => void): void {
    try {
      action();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#log.warn(
          { file: this.#path, error: describeError(error) },
          'it cannot be noted what is being scored; after a crash of the process it will not be known',
        );
      this.#failing = true;
    }
  }
}

function isSuspected({ crashes }: Suspects): boolean {
  return crashes >= SUSPECT_FROM_CRASHES;
}

function textOf(line: Line): string {
  return `\n${JSON.stringify(line)}`;
}

/** What the journal of a crashed process says; nothing where there is none. */
function suspectsOf(path: string): readonly Suspects[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const before: Suspects[] = [];
  const inFlight = new Map<number, OffsetRange>();
  const done: OffsetRange[] = [];
  for (const line of text.split('\n').map(lineOf)) {
    if (line === undefined) continue;
    const [kind, number] = line;
    if (kind === 'end') {
      const range = inFlight.get(number);
      if (range !== undefined) done.push(range);
      inFlight.delete(number);
      continue;
    }
    const [, , topic, partition, from, to] = line;
    const range = { topic, partition, from, to };
    if (kind === 'begin') inFlight.set(number, range);
    else before.push({ ...range, crashes: number });
  }
  return suspectsAfterCrash(withoutAll(before, done), [...inFlight.values()]);
}

/** Undefined for what a crash, or a power cut, has cut or spoilt. */
function lineOf(text: string): Line | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(line)) return undefined;
  const [kind, number, topic, ...offsets] = line as unknown[];
  if (!Number.isSafeInteger(number)) return undefined;
  if (kind === 'end') return [kind, number as number];
  if ((kind !== 'begin' && kind !== 'suspects') || typeof topic !== 'string') return undefined;
  if (offsets.length !== 3 || !offsets.every(Number.isSafeInteger)) return undefined;
  const [partition, from, to] = offsets as [number, number, number];
  return [kind, number as number, topic, partition, from, to];
}
