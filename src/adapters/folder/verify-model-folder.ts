import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import { corruptModel, type HashedManifest, readManifest } from '../../core/read-manifest.ts';

/**
 * Reads a model folder's manifest and holds it to the version's name, and to the whole of its hash where it is known.
 * Throws `MODEL_MISSING` without a manifest, `MODEL_CORRUPT` as {@link readManifest}.
 */
export async function readFolderManifest(
  folder: string,
  version: string,
  known?: string,
): Promise<HashedManifest> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, 'manifest.json'));
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ENOTDIR'
    )
      throw new SluiceError(
        'MODEL_MISSING',
        `there is no model ${version} in ${folder}; list the versions there are`,
      );
    throw corruptModel(version, `its manifest cannot be read: ${describeError(error)}`, error);
  }
  return readManifest(bytes, version, known);
}

/** Checks that each file of the manifest is there with its length; quick, and blind to changed bytes. */
export async function verifySizes(folder: string, version: string, manifest: ModelManifest): Promise<void> {
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    let size: number;
    try {
      const found = await stat(join(folder, name));
      if (!found.isFile()) throw new Error('it is not a file');
      size = found.size;
    } catch (error) {
      throw corruptModel(version, `${name} cannot be read: ${describeError(error)}`, error);
    }
    if (size !== bytes) throw corruptModel(version, `${name} has ${size} bytes and should have ${bytes}`);
  }
}

/**
 * Checks a model folder as a whole: manifest against version, every file's length and SHA-256 against the manifest.
 * Throws `MODEL_MISSING` or `MODEL_CORRUPT`.
 */
export async function verifyModelFolder(
  folder: string,
  version: string,
  known?: string,
): Promise<HashedManifest> {
  const read = await readFolderManifest(folder, version, known);
  const { manifest } = read;
  await verifySizes(folder, version, manifest);
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    let found: string;
    try {
      found = await sha256OfFile(join(folder, name));
    } catch (error) {
      throw corruptModel(version, `${name} cannot be read: ${describeError(error)}`, error);
    }
    if (found !== sha256)
      throw corruptModel(version, `${name} has SHA-256 ${found} and should have ${sha256}`);
  }
  return read;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
