import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFolder, writeDurably } from '../../adapters/folder/durable-file.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { ModelData } from '../../core/model-data.ts';
import type { DataWriter } from '../../learning/assemble-data.ts';
import { dataFolder } from '../../learning/data-folder.ts';

/** Characters that are gathered before they are written. */
const GATHERED = 2 ** 20;

/**
 * Makes the folder of an assembled data set. `work` writes the lines, beside; then `data.json` is written, and the folder gets its name. Nothing
 * remains where `work` throws. All of it may be read by its owner alone. Throws `USAGE` where the folder is there already, and `SINK_FAILED`.
 */
export async function writeDataFolder<T extends { readonly data: ModelData }>(
  given: string,
  work: (writer: DataWriter) => Promise<T>,
): Promise<T & { readonly folder: string }> {
  const path = resolve(given);
  if (await isThere(path)) throw thereAlready(path);
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  const files: LineFile[] = [];
  await guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      // With EEXIST where a file has that name: that is not the data set.
      throw new Error(`no folder ${dirname(path)} can be made (${describeError(error)})`, { cause: error });
    });
    await mkdir(beside, { mode: 0o700 });
  });
  try {
    const fileOf = async (name: string) => {
      const file = new LineFile(path, await guarded(path, () => open(join(beside, name), 'wx', 0o600)));
      files.push(file);
      return file;
    };
    const training = await fileOf(dataFolder.training);
    const heldOut = await fileOf(dataFolder.heldOut);
    const result = await work({
      training: (line) => training.add(line),
      heldOut: (message) => heldOut.add(message),
    });
    for (const file of files) await file.finish();
    await guarded(path, async () => {
      await writeDurably(join(beside, dataFolder.facts), factsText(result.data));
      await syncFolder(beside);
      await rename(beside, path);
      await syncFolder(dirname(path));
    });
    return { ...result, folder: path };
  } finally {
    for (const file of files) await file.close();
    await rm(beside, { recursive: true, force: true });
  }
}

/** Indented, but each range of rows is on one line. */
function factsText(data: ModelData): string {
  const json = JSON.stringify(data, null, 1);
  return `${json.replace(/\[\s+(\d+),\s+(\d+)\s+\]/g, '[$1, $2]')}\n`;
}

/** Lines of JSON. */
class LineFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #lines = '';
  #isClosed = false;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  async add(line: unknown): Promise<void> {
    this.#lines += `${JSON.stringify(line)}\n`;
    if (this.#lines.length >= GATHERED) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await guarded(this.#path, () => this.#file.sync());
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#file.close().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const lines = this.#lines;
    this.#lines = '';
    await guarded(this.#path, () => this.#file.appendFile(lines));
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function thereAlready(path: string): SluiceError {
  return new SluiceError('USAGE', `${path} is there already; name another folder, or remove it first`);
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTEMPTY') throw thereAlready(path);
    throw new SluiceError(
      'SINK_FAILED',
      `the data set ${path} cannot be written: ${describeError(error)}. Check its folder, its permissions and the disk.`,
      { cause: error },
    );
  }
}
