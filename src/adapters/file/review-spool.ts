import { join } from 'node:path';
import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import { verdictNames } from '../../core/verdict.ts';
import type { Log } from '../../ports/log.ts';
import { type NewReviewItem, reviewOrigins } from '../../ports/review-store.ts';
import { AppendLog } from './append-log.ts';
import { type FileOperations, nodeFileOperations, systemCode } from './file-operations.ts';
import { makeFolder } from './replace-file.ts';

export interface ReviewSpoolOptions {
  /** Folder of its files; made where it is missing. One daemon a folder. */
  readonly folder: string;
  /** All of its files together. */
  readonly maxBytes: number;
  readonly log: Log;
  /** A file that has grown to this is followed by another. */
  readonly segmentBytes?: number;
  readonly files?: FileOperations;
}

/** What was put in first and not taken out yet. */
export interface SpooledPart {
  readonly items: readonly NewReviewItem[];
  /** To be called once they are stored elsewhere. After a crash before that they are returned again. */
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
  audit: z
    .object({ inclusionProbability: z.number(), verdict: z.enum(verdictNames), language: z.string() })
    .exactOptional(),
}) satisfies z.ZodType<NewReviewItem>;

/**
 * Review items that wait on this machine, first in, first out, in files of JSON lines that are only ever appended to and
 * removed whole. What {@link append} has acknowledged is on the disk and survives a kill or a power cut at any moment; it
 * may be returned twice, never lost.
 */
export class ReviewSpool {
  readonly #options: ReviewSpoolOptions;
  readonly #files: FileOperations;
  /** Oldest first; the last may be the one that is written to. */
  readonly #segments: Segment[];
  #writing: { readonly segment: Segment; readonly file: AppendLog } | undefined;
  /** Appends, and changes of the file, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #appending = 0;
  #bytes: number;
  #rows: number;
  #nextNumber: number;

  private constructor(
    options: ReviewSpoolOptions,
    files: FileOperations,
    segments: Segment[],
    nextNumber: number,
  ) {
    this.#options = options;
    this.#files = files;
    this.#segments = segments;
    this.#nextNumber = nextNumber;
    this.#bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#rows = segments.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Throws `STORE_FAILED`. */
  static async open(options: ReviewSpoolOptions): Promise<ReviewSpool> {
    const { folder, files = nodeFileOperations } = options;
    try {
      await makeFolder(folder, files);
      const names = (await files.list(folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
      const segments: Segment[] = [];
      for (const name of names) {
        const path = join(folder, name);
        const content = await files.readFile(path);
        segments.push({ path, bytes: content.length, rows: linesOf(content).length });
      }
      return new ReviewSpool(options, files, segments, Number(names.at(-1)?.slice(0, 10) ?? 0) + 1);
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

  /** Share of the room that they take, 0 to 1. */
  get fullness(): number {
    return Math.min(1, this.#bytes / this.#options.maxBytes);
  }

  /** False while one is being written, too. */
  get isEmpty(): boolean {
    return this.#appending === 0 && this.#segments.length === 0;
  }

  /**
   * On the disk when it resolves. Throws `STORE_FAILED`, retriable, where it is full, and `SINK_FAILED` where it cannot be
   * written: retriable, unless a sync failed.
   */
  async append(items: readonly NewReviewItem[]): Promise<void> {
    const text = `${items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    const bytes = Buffer.byteLength(text);
    const { folder, maxBytes } = this.#options;
    // One that is empty takes anything: what never fits would never get on.
    if (this.#bytes > 0 && this.#bytes + bytes > maxBytes)
      throw new SluiceError(
        'STORE_FAILED',
        `the spool ${folder} is full (${Math.ceil(maxBytes / 2 ** 20)} MiB, store.spool.maxMebibytes); the pipeline waits until the database accepts what is in it`,
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
    for (;;) {
      const segment = await this.#inTurn(async () => {
        const oldest = this.#segments[0];
        // From here on it is not written to any more.
        if (oldest !== undefined && this.#writing?.segment === oldest) await this.#closeCurrent();
        return oldest;
      });
      if (segment === undefined) return undefined;
      const part = await this.#partOf(segment);
      if (part !== undefined) return part;
    }
  }

  /** Puts aside what the store will never take, for a human. On the disk when it resolves. */
  async refuse(lines: readonly string[]): Promise<void> {
    const { folder, log } = this.#options;
    const file = await AppendLog.open(join(folder, REFUSED_FILE), log, this.#files);
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
    const { folder, segmentBytes = SEGMENT_BYTES } = this.#options;
    if (this.#writing !== undefined && this.#writing.segment.bytes >= segmentBytes)
      await this.#closeCurrent();
    if (this.#writing === undefined) {
      const path = join(folder, `${String(this.#nextNumber).padStart(10, '0')}.jsonl`);
      const file = await this.#openSegment(path);
      this.#nextNumber++;
      const segment: Segment = { path, bytes: 0, rows: 0 };
      this.#segments.push(segment);
      this.#writing = { segment, file };
    }
    return this.#writing;
  }

  /** Retriable whatever the reason: while the database is unavailable, messages wait rather than end the daemon. */
  async #openSegment(path: string): Promise<AppendLog> {
    try {
      return await AppendLog.open(path, this.#options.log, this.#files);
    } catch (error) {
      throw new SluiceError('SINK_FAILED', describeError(error), { retriable: true, cause: error });
    }
  }

  async #closeCurrent(): Promise<void> {
    const writing = this.#writing;
    if (writing === undefined) return;
    this.#writing = undefined;
    await writing.file.close();
  }

  /** Undefined where the segment's file is no longer there. */
  async #partOf(segment: Segment): Promise<SpooledPart | undefined> {
    let content: Buffer;
    try {
      content = await this.#files.readFile(segment.path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      this.#forget(segment);
      this.#options.log.warn(
        { file: segment.path, rows: segment.rows },
        'a file of the spool was removed by somebody else; its rows are skipped',
      );
      return undefined;
    }
    const items: NewReviewItem[] = [];
    const unreadable: string[] = [];
    for (const line of linesOf(content)) {
      const item = itemOf(line);
      if (item === undefined) unreadable.push(line);
      else items.push(item);
    }
    return { items, remove: () => this.#remove(segment, unreadable) };
  }

  async #remove(segment: Segment, unreadable: readonly string[]): Promise<void> {
    const { folder, log } = this.#options;
    if (unreadable.length > 0) {
      await this.refuse(unreadable);
      log.error(
        { file: segment.path, lines: unreadable.length, kept: REFUSED_FILE },
        'lines of the spool cannot be read; the disk may be at fault. They are put aside',
      );
    }
    try {
      await this.#files.unlink(segment.path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    this.#forget(segment);
    try {
      await this.#files.syncFolder(folder);
    } catch (error) {
      // The rows are stored. Should the file come back, they are stored again, which changes nothing.
      log.warn(
        { file: segment.path, error: describeError(error) },
        'the removal of a file of the spool could not be made durable; after a power cut its rows may be written again',
      );
    }
  }

  #forget(segment: Segment): void {
    const index = this.#segments.indexOf(segment);
    if (index === -1) return;
    this.#segments.splice(index, 1);
    this.#bytes -= segment.bytes;
    this.#rows -= segment.rows;
  }
}

/** Whole lines: what a crash has cut at the end was not acknowledged and comes again from the source. */
function linesOf(content: Buffer): readonly string[] {
  return content
    .toString()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '');
}

function itemOf(line: string): NewReviewItem | undefined {
  try {
    return itemSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
