import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../core/errors.ts';
import { MOST_UNLISTED_BYTES, unlistedFiles } from '../../core/model-data.ts';
import {
  type ModelManifest,
  modelFilePattern,
  modelManifestSchema,
  modelVersionPattern,
} from '../../core/model-manifest.ts';
import { sha256Of } from '../../core/sha256.ts';
import type { LocalModels, ModelFile } from '../../ports/local-models.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import type { HdfsClient } from './hdfs-client.ts';

export interface HdfsModelStoreOptions {
  readonly hdfs: HdfsClient;
  /** Folder of versions in HDFS, absolute. */
  readonly path: string;
  readonly local: LocalModels;
  /** How many versions that have been active stay on this disk. */
  readonly keepVersions: number;
}

const MANIFEST = 'manifest.json';
const MOST_MANIFEST_BYTES = 16 * 1024 * 1024;
const MOST_BYTES = 4 * 1024 * 1024 * 1024;
/** A transfer that was cut looks like a file that is broken in HDFS, so it is tried again. */
const TRANSFERS = 3;
const AT_ONCE = 4;
/** An upload to which nothing was added for so long has no one who goes on with it. */
const ABANDONED_MILLISECONDS = 60 * 60 * 1000;

/**
 * Models in HDFS, one folder a version. A version is there once its manifest is, which is written last, and under
 * another name until all of it has been read back. Copies are laid on this machine's disk.
 */
export class HdfsModelStore implements ModelStore {
  readonly #options: HdfsModelStoreOptions;
  /** Versions seen whole; a version never changes. */
  readonly #whole = new Set<string>();

  constructor(options: HdfsModelStoreOptions) {
    this.#options = options;
  }

  get location(): string {
    return `${this.#options.hdfs.endpoint}${this.#options.path}`;
  }

  async list(): Promise<readonly string[]> {
    const folders = (await this.#options.hdfs.readdir(this.#options.path)) ?? [];
    const versions = folders
      .filter(({ type, pathSuffix }) => type === 'DIRECTORY' && modelVersionPattern.test(pathSuffix))
      .map(({ pathSuffix }) => pathSuffix);
    const whole: string[] = [];
    for (const version of versions) if (await this.#isWhole(version)) whole.push(version);
    return whole.sort().reverse();
  }

  async fetch(version: string, sha256?: string): Promise<LocalModel> {
    if (!modelVersionPattern.test(version)) throw this.#missing(version);
    try {
      return await this.#options.local.fetch(version, sha256);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    for (let transfer = 1; ; transfer++) {
      try {
        return await this.#options.local.store(version, this.#files(version, sha256), sha256);
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code !== 'MODEL_CORRUPT' || transfer === TRANSFERS)
          throw error;
      }
    }
  }

  async manifestOf(version: string): Promise<string | undefined> {
    if (!modelVersionPattern.test(version)) return undefined;
    const bytes = await this.#options.hdfs.read(`${this.#path(version)}/${MANIFEST}`, MOST_MANIFEST_BYTES);
    return bytes === undefined ? undefined : sha256Of(bytes);
  }

  async push({ version, path }: LocalModel): Promise<void> {
    const { hdfs } = this.#options;
    if (!modelVersionPattern.test(version))
      throw new SluiceError(
        'MODEL_MISSING',
        `${path} holds no model: its name is no version; push another folder`,
      );
    if (await this.#isWhole(version)) return;
    const beside = this.#path(`.${version}.${randomBytes(4).toString('hex')}.part`);
    try {
      await hdfs.mkdir(beside);
      await this.#removeAbandoned(beside);
      const upload = async (name: string) =>
        this.#upload(`${beside}/${name}`, await readFile(join(path, name)));
      const names = await namesOf(path);
      for (let from = 0; from < names.length; from += AT_ONCE)
        await Promise.all(names.slice(from, from + AT_ONCE).map(upload));
      // Last: without it no reader takes the folder for a model.
      await upload(MANIFEST);
      // Half of an upload by other means. A rename would move ours into it.
      if ((await hdfs.stat(this.#path(version))) !== undefined) await hdfs.remove(this.#path(version));
      await hdfs.rename(beside, this.#path(version));
    } finally {
      await hdfs.remove(beside).catch(() => {});
    }
    // A rename that was not done, or that another did at the same time, throws no error.
    if (!(await this.#isWhole(version)))
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `${version} is incomplete in ${this.location} after it was written there; push it again`,
        { retriable: true },
      );
  }

  async becameActive(version: string): Promise<void> {
    await this.#options.local.markActive(version, this.#options.keepVersions);
  }

  lastGood(): Promise<LocalModel | undefined> {
    return this.#options.local.lastGood();
  }

  /** The manifest first, since it lists the others. */
  async *#files(version: string, sha256: string | undefined): AsyncGenerator<ModelFile> {
    const bytes = await this.#options.hdfs.read(`${this.#path(version)}/${MANIFEST}`, MOST_MANIFEST_BYTES);
    if (bytes === undefined) throw this.#missing(version);
    const manifest = manifestOf(version, bytes, sha256);
    yield { name: MANIFEST, bytes };
    for (const [name, { bytes: length, sha256: expected }] of Object.entries(manifest.files)) {
      const content = await this.#options.hdfs.read(`${this.#path(version)}/${name}`, length);
      if (content === undefined) throw corrupt(version, `${name} is missing in ${this.location}`);
      if (content.length !== length || sha256Of(content) !== expected)
        throw corrupt(
          version,
          `${name} came with ${content.length} bytes that are not those of its manifest`,
        );
      yield { name, bytes: content };
    }
    for (const name of unlistedFiles) {
      const path = `${this.#path(version)}/${name}`;
      const length = (await this.#options.hdfs.stat(path))?.length;
      if (length === undefined || length > MOST_UNLISTED_BYTES) continue;
      const content = await this.#options.hdfs.read(path, length);
      if (content?.length !== length) throw corrupt(version, `${name} did not come with its ${length} bytes`);
      yield { name, bytes: content };
    }
  }

  /**
   * Removes what pushes have left that were killed. How old it is by HDFS's own clock is seen by comparing with a folder that was
   * just made. Of a push that is merely slow, the rest would be seen not to be whole.
   */
  async #removeAbandoned(justMade: string): Promise<void> {
    const { hdfs, path } = this.#options;
    const folders = ((await hdfs.readdir(path)) ?? []).filter(({ pathSuffix }) =>
      partPattern.test(pathSuffix),
    );
    const now = folders.find(({ pathSuffix }) => this.#path(pathSuffix) === justMade)?.modificationTime;
    if (now === undefined) return;
    for (const { pathSuffix, modificationTime } of folders)
      if (now - modificationTime > ABANDONED_MILLISECONDS)
        // Another's, perhaps, which is no hindrance.
        await hdfs.remove(this.#path(pathSuffix)).catch(() => {});
  }

  async #upload(path: string, bytes: Buffer): Promise<void> {
    const { hdfs } = this.#options;
    for (let transfer = 1; ; transfer++) {
      await hdfs.write(path, bytes);
      const stat = await hdfs.stat(path);
      const written = stat?.length === bytes.length ? await hdfs.read(path, bytes.length) : undefined;
      if (written?.equals(bytes)) return;
      if (transfer === TRANSFERS)
        throw new SluiceError(
          'MODEL_STORE_FAILED',
          `${path} is not in HDFS as it was written, ${TRANSFERS} times; check the DataNodes and push again`,
          { retriable: true },
        );
    }
  }

  /** By manifest and lengths. Throws only when HDFS does not answer. */
  async #isWhole(version: string): Promise<boolean> {
    if (this.#whole.has(version)) return true;
    const { hdfs } = this.#options;
    const folder = await hdfs.readdir(this.#path(version));
    const lengths = new Map(folder?.map(({ pathSuffix, length }) => [pathSuffix, length]));
    if (!lengths.has(MANIFEST)) return false;
    const bytes = await hdfs.read(`${this.#path(version)}/${MANIFEST}`, MOST_MANIFEST_BYTES);
    if (bytes === undefined) return false;
    let manifest: ModelManifest;
    try {
      manifest = manifestOf(version, bytes, undefined);
    } catch {
      return false;
    }
    if (!Object.entries(manifest.files).every(([name, file]) => lengths.get(name) === file.bytes))
      return false;
    this.#whole.add(version);
    return true;
  }

  #path(name: string): string {
    return `${this.#options.path}/${name}`;
  }

  #missing(version: string): SluiceError {
    return new SluiceError(
      'MODEL_MISSING',
      `there is no model ${JSON.stringify(version)} in ${this.location}; list the versions there are, or push it`,
    );
  }
}

/** As {@link HdfsModelStore.push} names an upload that is under way. */
const partPattern = /^\.[0-9A-Z]+-[0-9a-f]{8}\.[0-9a-f]{8}\.part$/;

function isAbsent(error: unknown): boolean {
  return error instanceof SluiceError && (error.code === 'MODEL_MISSING' || error.code === 'MODEL_CORRUPT');
}

function manifestOf(version: string, bytes: Buffer, known: string | undefined): ModelManifest {
  const sha256 = sha256Of(bytes);
  if (!version.endsWith(`-${sha256.slice(0, 8)}`))
    throw corrupt(version, `its manifest has SHA-256 ${sha256}, which its name denies`);
  if (known !== undefined && known !== sha256)
    throw corrupt(version, `its manifest has SHA-256 ${sha256} and should have ${known}`);
  const manifest = modelManifestSchema.safeParse(jsonOf(bytes));
  if (!manifest.success) throw corrupt(version, 'its manifest cannot be understood');
  const size = Object.values(manifest.data.files).reduce((sum, { bytes: length }) => sum + length, 0);
  if (size > MOST_BYTES) throw corrupt(version, `it would have ${size} bytes`);
  return manifest.data;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Without the manifest. */
async function namesOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && modelFilePattern.test(entry.name) && entry.name !== MANIFEST)
    .map(({ name }) => name);
  return names.sort();
}

function corrupt(version: string, why: string): SluiceError {
  return new SluiceError(
    'MODEL_CORRUPT',
    `model ${version} is not whole: ${why}; push it again from where it was made`,
  );
}
