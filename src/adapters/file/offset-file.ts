import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import { type FileOperations, nodeFileOperations, systemCode } from './file-operations.ts';
import { replaceFile } from './replace-file.ts';

/** Entries of files that are gone are kept this long: a folder may be unavailable for a while. */
const KEEP_MISSING_MS = 30 * 24 * 3600 * 1000;
/** And no more than this many, since all are written at each commit; the ones that were last seen longest ago go first. */
const KEEP_MISSING = 5000;

const entrySchema = z.object({
  offset: z.number().int().nonnegative(),
  inode: z.number(),
  headBytes: z.number().int().nonnegative(),
  headSha256: z.string(),
  tail: z
    .object({
      bytes: z.number().int().nonnegative(),
      end: z.number().int().nonnegative(),
      sha256: z.string(),
    })
    .optional(),
  /** Epoch milliseconds. */
  committedAt: z.number(),
  /** Epoch milliseconds at which the file was first not there. */
  missingSince: z.number().optional(),
});
const offsetsSchema = z.object({ schema: z.literal(1), files: z.record(z.string(), entrySchema) });

export type OffsetEntry = z.infer<typeof entrySchema>;

/** The committed offsets of an inbox, in one small file that is always replaced as a whole. */
export class OffsetFile {
  readonly #path: string;
  readonly #entries: Map<string, OffsetEntry>;
  readonly #operations: FileOperations;
  /** Two writers at the same time would mix their bytes in one temporary file. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, entries: Map<string, OffsetEntry>, operations: FileOperations) {
    this.#path = path;
    this.#entries = entries;
    this.#operations = operations;
  }

  /** No file means no offsets. Throws `OFFSETS_FAILED` where there is one that can't be understood. */
  static async load(path: string, operations: FileOperations = nodeFileOperations): Promise<OffsetFile> {
    try {
      const content = (await operations.readFile(path)).toString();
      const { files } = offsetsSchema.parse(JSON.parse(content));
      return new OffsetFile(path, new Map(Object.entries(files)), operations);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return new OffsetFile(path, new Map(), operations);
      throw new SluiceError(
        'OFFSETS_FAILED',
        `the offsets in ${path} cannot be read (${describeError(error)}); restore the file, or remove it to score the whole inbox again`,
        { cause: error },
      );
    }
  }

  get(name: string): OffsetEntry | undefined {
    return this.#entries.get(name);
  }

  set(name: string, entry: OffsetEntry): void {
    this.#entries.set(name, entry);
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  /** Drops what belongs to files that have been gone for long. To be called from time to time. */
  forgetMissing(present: ReadonlySet<string>, now: number): void {
    const missing: [string, number][] = [];
    for (const [name, { missingSince, ...entry }] of this.#entries) {
      if (present.has(name)) {
        if (missingSince !== undefined) this.#entries.set(name, entry);
        continue;
      }
      // By a clock that was set back, it would be missing from a time to come.
      const since = Math.min(missingSince ?? now, now);
      this.#entries.set(name, { ...entry, missingSince: since });
      missing.push([name, since]);
    }
    missing.sort(([, since], [, other]) => other - since);
    for (const [index, [name, since]] of missing.entries())
      if (index >= KEEP_MISSING || now - since > KEEP_MISSING_MS) this.#entries.delete(name);
  }

  /** Durable when it resolves. Throws `OFFSETS_FAILED` (retriable). */
  save(): Promise<void> {
    const written = this.#writing.then(async () => {
      const content = JSON.stringify({ schema: 1, files: Object.fromEntries(this.#entries) });
      try {
        await replaceFile(this.#path, `${content}\n`, this.#operations);
      } catch (error) {
        throw new SluiceError(
          'OFFSETS_FAILED',
          `the offsets could not be written to ${this.#path}: ${describeError(error)}`,
          {
            retriable: true,
            cause: error,
          },
        );
      }
    });
    this.#writing = written.catch(() => {});
    return written;
  }
}
