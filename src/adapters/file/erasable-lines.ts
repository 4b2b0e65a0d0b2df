import { stat } from 'node:fs/promises';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { ErasableStore, ScannedContent, ScannedPiece, Wanted } from '../../ports/erasable-store.ts';
import type { BlankRanges, LineBlanker } from './blank-lines.ts';
import type { RecordOfLine } from './erasable-records.ts';
import { systemCode } from './file-operations.ts';
import { type LineAt, linesAt } from './lines-at.ts';

export interface ErasableFile {
  readonly path: string;
  /** Only lines that begin before it are erased; undefined: all. */
  readonly until?: number;
}

export interface ErasableLinesOptions {
  readonly name: string;
  readonly location: string;
  readonly keeps?: string;
  /** Of files that may only be changed while no daemon runs: what has to be done first. */
  readonly whyNot?: string | undefined;
  /** What to do where records remain that this run could not erase. */
  readonly remains?: string;
  /** A daemon appends to it: what is behind the last newline is being written. */
  readonly hasWriter: boolean;
  readonly files: () => Promise<readonly ErasableFile[]>;
  readonly recordOf: RecordOfLine;
  readonly blanker: LineBlanker;
  /** Runs an erasure, with what has to be done before and after it. */
  readonly around?: (files: readonly BlankRanges[], blank: () => Promise<void>) => Promise<void>;
}

/** Erases in files of lines. */
export class ErasableLines implements ErasableStore {
  readonly name: string;
  readonly location: string;
  readonly keeps?: string;
  readonly whyNot?: string | undefined;
  readonly remains?: string;
  readonly #options: ErasableLinesOptions;

  constructor(options: ErasableLinesOptions) {
    this.#options = options;
    const { name, location, keeps, whyNot, remains } = options;
    this.name = name;
    this.location = location;
    this.whyNot = whyNot;
    if (keeps !== undefined) this.keeps = keeps;
    if (remains !== undefined) this.remains = remains;
  }

  async search(wanted: Wanted): Promise<void> {
    await this.#reading(async () => {
      for await (const { line } of this.#all()) {
        const record = this.#options.recordOf(line.bytes);
        if (!('ids' in record) && wanted.owns(record)) wanted.learn(record);
      }
    });
  }

  count(wanted: Wanted): Promise<number> {
    return this.#reading(async () => {
      let count = 0;
      for await (const { line } of this.#all()) if (this.#isOwned(line, wanted)) count++;
      return count;
    });
  }

  erase(wanted: Wanted): Promise<number> {
    return this.#blank((line) => this.#isOwned(line, wanted));
  }

  /** Erases lines by what they are. Returns how many. Throws `DATA_UNREADABLE` and `SINK_FAILED`. */
  async expire(isExpired: (line: Buffer) => boolean): Promise<number> {
    return this.#blank(({ bytes }) => isExpired(bytes));
  }

  async *contents(wanted: Wanted): AsyncGenerator<ScannedContent> {
    for (const { path } of await this.#options.files())
      yield { name: path, pieces: this.#pieces(path, wanted) };
  }

  async *#pieces(path: string, wanted: Wanted): AsyncGenerator<ScannedPiece> {
    for await (const line of linesAt(path)) {
      const record = this.#options.recordOf(line.bytes);
      const fresh = line.bytes.length + 1;
      if ('ids' in record) yield { bytes: record.ids, fresh, isOthers: false };
      else yield { bytes: line.bytes, fresh, isOthers: wanted.isOthers(record) };
    }
  }

  async #blank(isChosen: (line: LineAt) => boolean): Promise<number> {
    const { hasWriter, blanker, around = (_, blank) => blank() } = this.#options;
    const found = new Map<string, BlankRanges>();
    let count = 0;
    await this.#reading(async () => {
      for await (const { file, line } of this.#all()) {
        if (hasWriter && !line.isWhole) continue;
        if ((file.until !== undefined && line.from >= file.until) || !isChosen(line)) continue;
        const ranges = found.get(file.path) ?? {
          ...{ path: file.path, inode: (await stat(file.path)).ino, ranges: [] },
        };
        ranges.ranges.push([line.from, line.to]);
        found.set(file.path, ranges);
        count++;
      }
    });
    const files = [...found.values()];
    if (files.length > 0) await around(files, () => blanker.blank(files));
    return count;
  }

  #isOwned(line: LineAt, wanted: Wanted): boolean {
    const record = this.#options.recordOf(line.bytes);
    return !('ids' in record) && wanted.owns(record);
  }

  async *#all(): AsyncGenerator<{ readonly file: ErasableFile; readonly line: LineAt }> {
    for (const file of await this.#options.files())
      for await (const line of linesAt(file.path)) yield { file, line };
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof SluiceError || systemCode(error) === undefined) throw error;
      throw new SluiceError(
        'DATA_UNREADABLE',
        `${this.location} cannot be read (${describeError(error)}); run it as the user of the daemon`,
        { cause: error },
      );
    }
  }
}
