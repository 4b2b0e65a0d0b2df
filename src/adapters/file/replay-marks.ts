import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { AppendLog } from './append-log.ts';
import { type FileOperations, systemCode } from './file-operations.ts';
import { replaceFile } from './replace-file.ts';

/** So many marks of letters that no longer exist are not worth the writing of a new file. */
const STALE_MARKS = 10_000;
const MARK_LENGTH = 32;
const MARK = /^[0-9a-f]{32}$/;

/**
 * Which dead letters of a file were replayed: a file of hashes, one a letter, so that emptying, rotating or editing the file of
 * letters neither hides a letter nor sends one twice.
 */
export class ReplayMarks {
  readonly #path: string;
  readonly #log: Log;
  readonly #files: FileOperations;
  readonly #marks: Set<string>;
  #lines: AppendLog | undefined;

  private constructor(path: string, log: Log, files: FileOperations, marks: Set<string>) {
    this.#path = path;
    this.#log = log;
    this.#files = files;
    this.#marks = marks;
  }

  /** Throws `DATA_UNREADABLE`. */
  static async read(path: string, log: Log, files: FileOperations): Promise<ReplayMarks> {
    try {
      const content = (await files.readFile(path)).toString();
      return new ReplayMarks(
        path,
        log,
        files,
        new Set(content.split('\n').filter((line) => MARK.test(line))),
      );
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return new ReplayMarks(path, log, files, new Set());
      throw new SluiceError(
        'DATA_UNREADABLE',
        `${path}, which lists what was replayed, cannot be read (${describeError(error)}); check its permissions`,
        { cause: error },
      );
    }
  }

  /** Those of the marks that are in the file, which is read piece by piece. Throws the file system's errors. */
  static async among(
    path: string,
    marks: ReadonlySet<string>,
    files: FileOperations,
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    let rest = '';
    try {
      for await (const chunk of files.readChunks(path)) {
        const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
        rest = (lines.pop() ?? '').slice(0, MARK_LENGTH + 1);
        for (const line of lines) if (marks.has(line)) found.add(line);
      }
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    return found;
  }

  has(mark: string): boolean {
    return this.#marks.has(mark);
  }

  /** On the disk when it resolves. Throws `SINK_FAILED`. */
  async add(marks: readonly string[]): Promise<void> {
    if (marks.length === 0) return;
    this.#lines ??= await AppendLog.open(this.#path, this.#log, this.#files);
    await this.#lines.append(marks.map((mark) => `${mark}\n`).join(''));
    await this.#lines.flush();
    for (const mark of marks) this.#marks.add(mark);
  }

  /** Drops the marks that are not among `present` where they are many. Closes the file. Throws the file system's errors. */
  async tidy(present: ReadonlySet<string>): Promise<void> {
    await this.close();
    if (this.#marks.size - present.size <= Math.max(present.size, STALE_MARKS)) return;
    await replaceFile(this.#path, [...present].map((mark) => `${mark}\n`).join(''), this.#files);
  }

  async close(): Promise<void> {
    const lines = this.#lines;
    this.#lines = undefined;
    await lines?.close();
  }
}
