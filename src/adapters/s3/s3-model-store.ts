import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import { MOST_UNLISTED_BYTES, unlistedFiles } from '../../core/model-data.ts';
import { type ModelManifest, modelFilePattern, modelVersionPattern } from '../../core/model-manifest.ts';
import { checkModelFile, corruptModel, readManifest } from '../../core/read-manifest.ts';
import { sha256Of } from '../../core/sha256.ts';
import type { LocalModels, ModelFile } from '../../ports/local-models.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import type { S3Client } from './s3-client.ts';

export interface S3ModelStoreOptions {
  readonly bucket: Pick<S3Client, 'addressOf' | 'read' | 'write' | 'list'>;
  /** Of all keys, without a slash at its end. */
  readonly prefix: string;
  readonly local: LocalModels;
  /** How many versions that have been active stay on this disk. */
  readonly keepVersions: number;
}

const MANIFEST = 'manifest.json';
const MOST_MANIFEST_BYTES = 16 * 1024 * 1024;
const MOST_BYTES = 4 * 1024 * 1024 * 1024;
const AT_ONCE = 4;

/** Of a version: the lengths in bytes of its objects by the names of their files. */
type Lengths = ReadonlyMap<string, number>;

/**
 * Models in an S3 bucket, one object for each file: `prefix/version/file`. An object appears as a whole. A version is there
 * once its manifest is, which is written last and only where there is none. Copies are laid on this machine's disk.
 */
export class S3ModelStore implements ModelStore {
  readonly #options: S3ModelStoreOptions;
  /** Of versions whose manifest was read; a version's never changes. */
  readonly #manifests = new Map<string, ModelManifest>();

  constructor(options: S3ModelStoreOptions) {
    this.#options = options;
  }

  get location(): string {
    return this.#options.bucket.addressOf(this.#options.prefix);
  }

  async list(): Promise<readonly string[]> {
    const whole: string[] = [];
    for (const [version, lengths] of await this.#stored(''))
      if (await this.#isWhole(version, lengths)) whole.push(version);
    return whole.sort().reverse();
  }

  async fetch(version: string, sha256?: string): Promise<LocalModel> {
    if (!modelVersionPattern.test(version)) throw this.#missing(version);
    const { local } = this.#options;
    try {
      return await local.fetch(version, sha256);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    return await local.store(version, this.#files(version, sha256), sha256);
  }

  async manifestOf(version: string): Promise<string | undefined> {
    if (!modelVersionPattern.test(version)) return undefined;
    const found = await this.#options.bucket.read(this.#key(version, MANIFEST), MOST_MANIFEST_BYTES);
    return found && sha256Of(found.bytes);
  }

  /** Also replaces objects of this version that are missing, or are not those of its manifest. */
  async push({ version, path }: LocalModel): Promise<void> {
    if (!modelVersionPattern.test(version))
      throw new SluiceError(
        'MODEL_MISSING',
        `${path} holds no model: its name is no version; push another folder`,
      );
    const { bucket } = this.#options;
    const manifestBytes = await readHere(version, path, MANIFEST);
    const { manifest } = readManifest(manifestBytes, version);
    const stored: Lengths = (await this.#stored(version)).get(version) ?? new Map();
    // Before anything is written: the files of another model are not to be replaced.
    if (stored.has(MANIFEST)) await this.#holdToStored(version, manifestBytes);
    const names = [...new Set([...Object.keys(manifest.files), ...(await namesOf(path))])];
    for (let from = 0; from < names.length; from += AT_ONCE)
      await Promise.all(
        names.slice(from, from + AT_ONCE).map(async (name) => {
          const bytes = await readHere(version, path, name);
          if (!Object.hasOwn(manifest.files, name)) {
            // What is in no manifest, such as how the training went, is no part of the version.
            await bucket.write(this.#key(version, name), bytes, 'absent');
            return;
          }
          checkModelFile(manifest, version, name, bytes);
          await this.#upload(this.#key(version, name), bytes, stored.get(name));
        }),
      );
    // Last: without it no reader takes the objects for a model.
    if ((await bucket.write(this.#key(version, MANIFEST), manifestBytes, 'absent')) === undefined)
      throw this.#otherModel(version);
    const now = (await this.#stored(version)).get(version) ?? new Map<string, number>();
    if (!(await this.#isWhole(version, now)))
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
    const { bucket } = this.#options;
    const found = await bucket.read(this.#key(version, MANIFEST), MOST_MANIFEST_BYTES);
    if (found === undefined) throw this.#missing(version);
    const manifest = manifestOf(found.bytes, version, sha256);
    yield { name: MANIFEST, bytes: found.bytes };
    for (const [name, { bytes: length }] of Object.entries(manifest.files)) {
      const file = await bucket.read(this.#key(version, name), length);
      if (file === undefined) throw corruptModel(version, `${name} is missing in ${this.location}`);
      checkModelFile(manifest, version, name, file.bytes);
      yield { name, bytes: file.bytes };
    }
    const stored: Lengths = (await this.#stored(version)).get(version) ?? new Map();
    for (const name of unlistedFiles) {
      const length = stored.get(name);
      if (length === undefined || length > MOST_UNLISTED_BYTES) continue;
      const file = await bucket.read(this.#key(version, name), length);
      if (file !== undefined) yield { name, bytes: file.bytes };
    }
  }

  /** `length`: of the object that is there. Its content is fixed by the manifest, so whatever else is there was damaged. */
  async #upload(key: string, bytes: Buffer<ArrayBuffer>, length: number | undefined): Promise<void> {
    const { bucket } = this.#options;
    if (length === bytes.length && (await bucket.read(key, length))?.bytes.equals(bytes) === true) return;
    await bucket.write(key, bytes);
  }

  async #holdToStored(version: string, manifest: Buffer): Promise<void> {
    const stored = await this.manifestOf(version);
    if (stored !== undefined && stored !== sha256Of(manifest)) throw this.#otherModel(version);
  }

  /** Objects of versions, whole or not. `from`: only keys that begin with it, behind the prefix. */
  async #stored(from: string): Promise<ReadonlyMap<string, Lengths>> {
    const { bucket, prefix } = this.#options;
    const versions = new Map<string, Map<string, number>>();
    for (const { key, bytes } of await bucket.list(`${prefix}/${from}`)) {
      const [version, name, ...deeper] = key.slice(prefix.length + 1).split('/');
      if (version === undefined || !modelVersionPattern.test(version)) continue;
      if (name === undefined || deeper.length > 0) continue;
      const lengths = versions.get(version) ?? new Map<string, number>();
      versions.set(version, lengths.set(name, bytes));
    }
    return versions;
  }

  /** By manifest and lengths. Throws only when the service does not answer. */
  async #isWhole(version: string, lengths: Lengths): Promise<boolean> {
    if (!lengths.has(MANIFEST)) return false;
    let manifest = this.#manifests.get(version);
    if (manifest === undefined) {
      const found = await this.#options.bucket.read(this.#key(version, MANIFEST), MOST_MANIFEST_BYTES);
      if (found === undefined) return false;
      try {
        manifest = manifestOf(found.bytes, version, undefined);
      } catch {
        return false;
      }
      this.#manifests.set(version, manifest);
    }
    return Object.entries(manifest.files).every(([name, { bytes }]) => lengths.get(name) === bytes);
  }

  #key(version: string, name: string): string {
    return `${this.#options.prefix}/${version}/${name}`;
  }

  #missing(version: string): SluiceError {
    return new SluiceError(
      'MODEL_MISSING',
      `there is no model ${JSON.stringify(version)} in ${this.location}; list the versions there are, or push it`,
    );
  }

  #otherModel(version: string): SluiceError {
    return corruptModel(version, `${this.location} has another manifest under this version`);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof SluiceError && (error.code === 'MODEL_MISSING' || error.code === 'MODEL_CORRUPT');
}

function manifestOf(bytes: Buffer, version: string, known: string | undefined): ModelManifest {
  const { manifest } = readManifest(bytes, version, known);
  const size = Object.values(manifest.files).reduce((sum, { bytes: length }) => sum + length, 0);
  if (size > MOST_BYTES) throw corruptModel(version, `it would have ${size} bytes`);
  return manifest;
}

/** Throws `MODEL_CORRUPT` where the folder lacks the file. */
async function readHere(version: string, folder: string, name: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw corruptModel(version, `${name} cannot be read: ${describeError(error)}`, error);
  }
}

/** Without the manifest. */
async function namesOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && modelFilePattern.test(entry.name) && entry.name !== MANIFEST)
    .map(({ name }) => name);
  return names.sort();
}
