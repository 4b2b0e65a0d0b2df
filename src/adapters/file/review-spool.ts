import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { type NewReviewItem, reviewOrigins } from '../../ports/review-store.ts';
import { AppendLog } from './append-log.ts';
import { syncFolder } from './replace-file.ts';

export interface ReviewSpoolOptions {
  /** Folder of its files; made where it is missing. One daemon a folder. */
  readonly folder: string;
  /** All of its files together. */
  readonly maxBytes: number;
  readonly log: Log;
  /** A file that has grown to this is followed by another. */
  readonly segmentBytes?: number;
}

/** What was put in first and not taken out yet. */
export interface SpooledPart {
  readonly items: readonly NewReviewItem[];
  /** To be called once they are stored elsewhere. A crash before that gives them out again. */
  readonly remove: () => Promise<void>;
}

interface Segment {
  readonly path: string;
  bytes: number;
  rows: number;
}

const SEGMENT_BYTES = 2 * 1024 * 1024;
const SEGMENT_NAME = /^\d{10}\.jsonl$/;
const REFUSED_FILE = 'refused.jsonl';

const itemSchema = z.object({
  community: z.string(),
  message_id: z.string(),
  message: z.string(),
  sender: z.string().nullable(),
  probability: z.number().nullable(),
  reasons: z.array(z.string()),
  model: z.string(),
  position: z.object({ topic: z.string(), partition: z.number(), offset: z.number() }),
  origin: z.enum(reviewOrigins),
}) satisfies z.ZodType<NewReviewItem>;

/**
 * Review items that wait on this machine, first in, first out, in files of JSON lines that are only ever appended to and
 * removed whole. What {@link append} has acknowledged is on the disk and outlives a kill at any moment; it may be given
 * out twice, never lost.
 */
export class ReviewSpool {
  readonly #options: ReviewSpoolOptions;
  /** Oldest first; the last may be the one that is written to. */
  readonly #segments: Segment[];
  #writing: { readonly segment: Segment; readonly file: AppendLog } | undefined;
  /** Appends, and changes of the file, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #appending = 0;
  #bytes: number;
  #rows: number;
  #nextNumber: number;

  private constructor(options: ReviewSpoolOptions, segments: Segment[], nextNumber: number) {
    this.#options = options;
    this.#segments = segments;
    this.#nextNumber = nextNumber;
    this.#bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#rows = segments.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Throws `STORE_FAILED`. */
  static async open(options: ReviewSpoolOptions): Promise<ReviewSpool> {
    const { folder } = options;
    try {
      await mkdir(folder, { recursive: true });
      const names = (await readdir(folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
      const segments: Segment[] = [];
      for (const name of names) {
        const path = join(folder, name);
        const { size } = await stat(path);
        segments.push({ path, bytes: size, rows: (await linesOf(path)).length });
      }
      return new ReviewSpool(options, segments, Number(names.at(-1)?.slice(0, 10) ?? 0) + 1);
    } catch (error) {
      throw new SluiceError(
        'STORE_FAILED',
        `the spool ${folder} cannot be read (${describeError(error)}); check its rights`,
        { cause: error },
      );
    }
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#rows;
  }

  /** Share of the place that they take, 0 to 1. */
  get fullness(): number {
    return Math.min(1, this.#bytes / this.#options.maxBytes);
  }

  /** False while one is being written, too. */
  get isEmpty(): boolean {
    return this.#appending === 0 && this.#segments.length === 0;
  }

  /**
   * On the disk when it resolves. Throws `STORE_FAILED`, retriable, where it is full, and `SINK_FAILED` where the disk
   * does not take it.
   */
  async append(items: readonly NewReviewItem[]): Promise<void> {
    const text = `${items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    const bytes = Buffer.byteLength(text);
    const { folder, maxBytes } = this.#options;
    // One that is empty takes anything: what never fits would never get on.
    if (this.#bytes > 0 && this.#bytes + bytes > maxBytes)
      throw new SluiceError(
        'STORE_FAILED',
        `the spool ${folder} is full (${Math.ceil(maxBytes / 2 ** 20)} MiB, store.spool.maxMebibytes); the line waits until the database takes what is in it`,
        { retriable: true },
      );
    this.#bytes += bytes;
    this.#appending++;
    try {
      const file = await this.#inTurn(async () => {
        const writing = await this.#current();
        await writing.file.append(text);
        writing.segment.bytes += bytes;
        writing.segment.rows += items.length;
        this.#rows += items.length;
        return writing.file;
      }).catch((error: unknown) => {
        this.#bytes -= bytes;
        throw error;
      });
      await file.flush();
    } finally {
      this.#appending--;
    }
  }

  /** Undefined where nothing waits. One at a time: the part must be removed before the next is asked for. */
  async first(): Promise<SpooledPart | undefined> {
    const segment = await this.#inTurn(async () => {
      const oldest = this.#segments[0];
      // From here on it is not written to any more.
      if (oldest !== undefined && this.#writing?.segment === oldest) await this.#closeCurrent();
      return oldest;
    });
    if (segment === undefined) return undefined;
    return { items: await this.#itemsOf(segment), remove: () => this.#remove(segment) };
  }

  /** Puts aside what the store will never take, for a human. On the disk when it resolves. */
  async refuse(lines: readonly string[]): Promise<void> {
    const file = await AppendLog.open(join(this.#options.folder, REFUSED_FILE), this.#options.log);
    try {
      await file.append(`${lines.join('\n')}\n`);
    } finally {
      // Flushes.
      await file.close();
    }
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#closeCurrent());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #current(): Promise<{ readonly segment: Segment; readonly file: AppendLog }> {
    const { folder, log, segmentBytes = SEGMENT_BYTES } = this.#options;
    if (this.#writing !== undefined && this.#writing.segment.bytes >= segmentBytes)
      await this.#closeCurrent();
    if (this.#writing === undefined) {
      const path = join(folder, `${String(this.#nextNumber).padStart(10, '0')}.jsonl`);
      const file = await AppendLog.open(path, log);
      this.#nextNumber++;
      const segment: Segment = { path, bytes: 0, rows: 0 };
      this.#segments.push(segment);
      this.#writing = { segment, file };
    }
    return this.#writing;
  }

  async #closeCurrent(): Promise<void> {
    const writing = this.#writing;
    if (writing === undefined) return;
    this.#writing = undefined;
    await writing.file.close();
  }

  async #itemsOf(segment: Segment): Promise<readonly NewReviewItem[]> {
    const items: NewReviewItem[] = [];
    const unreadable: string[] = [];
    for (const line of await linesOf(segment.path)) {
      const item = itemOf(line);
      if (item === undefined) unreadable.push(line);
      else items.push(item);
    }
    if (unreadable.length > 0) {
      await this.refuse(unreadable);
      this.#options.log.error(
        { file: segment.path, lines: unreadable.length, kept: REFUSED_FILE },
        'lines of the spool cannot be read; the disk may be at fault. They are put aside',
      );
    }
    return items;
  }

  async #remove(segment: Segment): Promise<void> {
    await unlink(segment.path);
    await syncFolder(this.#options.folder);
    const at = this.#segments.indexOf(segment);
    if (at !== -1) this.#segments.splice(at, 1);
    this.#bytes -= segment.bytes;
    this.#rows -= segment.rows;
  }
}

/** Whole lines: what a crash has cut at the end was not acknowledged and comes again from the source. */
async function linesOf(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.slice(0, -1).filter((line) => line !== '');
}

function itemOf(line: string): NewReviewItem | undefined {
  try {
    return itemSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
