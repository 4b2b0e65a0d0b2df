import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describeError, SluiceError } from '../../core/errors.ts';
import { type ModelManifest, modelManifestSchema } from '../../core/model-manifest.ts';
import { sha256Of } from '../../core/sha256.ts';

/**
 * Reads a model folder's manifest and holds it to the version's name, whose last eight characters begin its SHA-256, and
 * to the whole of that hash where it is known.
 * Throws `MODEL_MISSING` without a manifest, `MODEL_CORRUPT` where it disagrees or can't be understood.
 */
export async function readManifest(folder: string, version: string, known?: string): Promise<ModelManifest> {
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
    throw corrupt(version, `its manifest cannot be read: ${describeError(error)}`, error);
  }
  const sha256 = sha256Of(bytes);
  if (!version.endsWith(`-${sha256.slice(0, 8)}`))
    throw corrupt(version, `its manifest has SHA-256 ${sha256}, which its name denies`);
  if (known !== undefined && sha256 !== known)
    throw corrupt(version, `its manifest has SHA-256 ${sha256} and should have ${known}`);
  try {
    return modelManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw corrupt(version, `its manifest cannot be understood: ${describeError(error)}`, error);
  }
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
      throw corrupt(version, `${name} cannot be read: ${describeError(error)}`, error);
    }
    if (size !== bytes) throw corrupt(version, `${name} has ${size} bytes and should have ${bytes}`);
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
): Promise<ModelManifest> {
  const manifest = await readManifest(folder, version, known);
  await verifySizes(folder, version, manifest);
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    let found: string;
    try {
      found = await sha256OfFile(join(folder, name));
    } catch (error) {
      throw corrupt(version, `${name} cannot be read: ${describeError(error)}`, error);
    }
    if (found !== sha256) throw corrupt(version, `${name} has SHA-256 ${found} and should have ${sha256}`);
  }
  return manifest;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

function corrupt(version: string, why: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'MODEL_CORRUPT',
    `model ${version} is not whole: ${why}; copy it again from where it was made`,
    {
      cause,
    },
  );
}
