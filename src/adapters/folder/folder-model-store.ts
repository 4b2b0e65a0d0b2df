import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import { modelFilePattern, modelVersionPattern } from '../../core/model-manifest.ts';
import { sha256Of } from '../../core/sha256.ts';
import type { LocalModels, ModelFile } from '../../ports/local-models.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import { replaceDurably, syncFolder, writeDurably } from './durable-file.ts';
import { readFolderManifest, verifyModelFolder, verifySizes } from './verify-model-folder.ts';

/** The versions that were fetched from another store, and the versions that have been active, both newest first. The names are those of the file. */
interface Copies {
  readonly fetched: readonly string[];
  readonly judged: readonly string[];
}

const COPIES_FILE = 'copies.json';

/**
 * Models in a local folder, one folder a version. What has another name is no model and is left alone. It is a store of
 * its own, and the folder in which another store writes its copies.
 */
export class FolderModelStore implements ModelStore, LocalModels {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  get location(): string {
    return this.#path;
  }

  /** Lists versions that are whole by manifest and lengths; {@link fetch} checks hashes. A missing folder has no models. */
  async list(): Promise<readonly string[]> {
    const whole: string[] = [];
    for (const version of (await this.#folders()).filter((name) => modelVersionPattern.test(name))) {
      const folder = join(this.#path, version);
      try {
        await verifySizes(folder, version, (await readFolderManifest(folder, version)).manifest);
        whole.push(version);
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
      }
    }
    // Versions begin with their time, so that the order of names is the order of ages.
    return whole.sort().reverse();
  }

  async fetch(version: string, sha256?: string): Promise<LocalModel> {
    const path = this.#folderOf(version);
    const read = await verifyModelFolder(path, version, sha256);
    return { version, path, sha256: read.sha256 };
  }

  async manifestOf(version: string): Promise<string | undefined> {
    try {
      const bytes = await readFile(join(this.#folderOf(version), 'manifest.json'));
      return sha256Of(bytes);
    } catch {
      return undefined;
    }
  }

  async push({ version, path }: LocalModel): Promise<void> {
    if (resolve(path) === this.#folderOf(version)) {
      await this.fetch(version);
      return;
    }
    await verifyModelFolder(path, version);
    await this.#store(version, filesOf(path));
  }

  /** Does nothing: in a folder of its own no copy is removed. */
  async becameActive(): Promise<void> {}

  /** Used by stores that write copies here; this store itself needs no other. */
  async lastGood(): Promise<LocalModel | undefined> {
    const { judged } = await this.#copies();
    for (const version of [...judged, ...(await this.list())]) {
      try {
        return await this.fetch(version);
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
      }
    }
    return undefined;
  }

  async store(version: string, files: AsyncIterable<ModelFile>, sha256?: string): Promise<LocalModel> {
    const stored = await this.#store(version, files, sha256);
    const { fetched, judged } = await this.#copies();
    await this.#keepCopies({ fetched: newestFirst(version, fetched), judged });
    return stored;
  }

  async markActive(version: string, count: number): Promise<void> {
    const { fetched, judged } = await this.#copies();
    const newlyActive = newestFirst(version, judged);
    const kept = new Set(newlyActive.slice(0, count));
    // Before the folders go: a crash between leaves copies that nobody removes, and never a name without a folder.
    await this.#keepCopies({
      fetched: fetched.filter((each) => kept.has(each)),
      judged: newlyActive.slice(0, count),
    });
    for (const old of fetched.filter((each) => !kept.has(each)))
      await rm(this.#folderOf(old), { recursive: true, force: true });
  }

  /** Under a name that is no version's, until all of it is there, verified and on the disk. */
  async #store(version: string, files: AsyncIterable<ModelFile>, known?: string): Promise<LocalModel> {
    const path = this.#folderOf(version);
    const beside = join(this.#path, `.${version}.${randomBytes(4).toString('hex')}.part`);
    try {
      await mkdir(beside, { recursive: true });
      for await (const { name, bytes } of files) await writeDurably(join(beside, checkedName(name)), bytes);
      const { sha256 } = await verifyModelFolder(beside, version, known);
      await syncFolder(beside);
      // What is there is incomplete, or the same.
      await rm(path, { recursive: true, force: true });
      await rename(beside, path);
      await syncFolder(this.#path);
      return { version, path, sha256 };
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `${version} cannot be written to ${this.#path}: ${describeError(error)}; check its permissions and free space`,
        { retriable: true, cause: error },
      );
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }

  async #copies(): Promise<Copies> {
    try {
      const { fetched, judged } = JSON.parse(
        await readFile(join(this.#path, COPIES_FILE), 'utf8'),
      ) as Partial<Copies>;
      const versions = (names: readonly string[] | undefined) =>
        (names ?? []).filter((name) => modelVersionPattern.test(name));
      return { fetched: versions(fetched), judged: versions(judged) };
    } catch {
      // Nothing but which copies may go, and which was the last, is lost with it.
      return { fetched: [], judged: [] };
    }
  }

  async #keepCopies(copies: Copies): Promise<void> {
    await mkdir(this.#path, { recursive: true });
    await replaceDurably(join(this.#path, COPIES_FILE), `${JSON.stringify(copies, null, 2)}\n`);
  }

  /** Also keeps a version that is a path from leading out of the folder. */
  #folderOf(version: string): string {
    if (!modelVersionPattern.test(version))
      throw new SluiceError(
        'MODEL_MISSING',
        `${JSON.stringify(version)} is no version; list the versions there are`,
      );
    return join(this.#path, version);
  }

  async #folders(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#path, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map(({ name }) => name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new SluiceError(
        'MODEL_MISSING',
        `the models in ${this.#path} cannot be listed: ${describeError(error)}; check the folder's rights`,
        {
          cause: error,
        },
      );
    }
  }
}

function newestFirst(version: string, versions: readonly string[]): readonly string[] {
  return [version, ...versions.filter((each) => each !== version)];
}

function checkedName(name: string): string {
  if (modelFilePattern.test(name)) return name;
  throw new SluiceError('MODEL_CORRUPT', `${JSON.stringify(name)} is no name of a model's file`);
}

async function* filesOf(folder: string): AsyncGenerator<ModelFile> {
  for (const name of (await readdir(folder)).filter((each) => modelFilePattern.test(each)).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) yield { name, bytes: await readFile(path) };
  }
}
