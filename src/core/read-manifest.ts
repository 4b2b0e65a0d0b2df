import { describeError, SluiceError } from './errors.ts';
import { goldenFile, type ModelManifest, modelManifestSchema } from './model-manifest.ts';
import { sha256Of } from './sha256.ts';

export interface HashedManifest {
  readonly manifest: ModelManifest;
  /** Of the manifest's bytes, in hex. */
  readonly sha256: string;
}

/**
 * Reads the bytes of a model's manifest and holds them to the version's name, whose last eight characters begin their SHA-256,
 * and to the whole of that hash where it is known. Throws `MODEL_CORRUPT` where they disagree, where the manifest cannot be
 * understood, and where it has no hash for a file that scoring reads: what is not hashed could be changed unnoticed.
 */
export function readManifest(bytes: Uint8Array, version: string, known?: string): HashedManifest {
  const sha256 = sha256Of(bytes);
  if (!version.endsWith(`-${sha256.slice(0, 8)}`))
    throw corruptModel(version, `its manifest has SHA-256 ${sha256}, which does not fit its name`);
  if (known !== undefined && sha256 !== known)
    throw corruptModel(version, `its manifest has SHA-256 ${sha256} and should have ${known}`);
  let manifest: ModelManifest;
  try {
    manifest = modelManifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw corruptModel(version, `its manifest cannot be understood: ${describeError(error)}`, error);
  }
  const unlisted = filesOf(manifest).filter((name) => !Object.hasOwn(manifest.files, name));
  if (unlisted.length > 0)
    throw corruptModel(version, `its manifest lists no hash of ${unlisted.join(', ')}`);
  return { manifest, sha256 };
}

/** Holds a file's content to what the manifest lists. Throws `MODEL_CORRUPT`. */
export function checkModelFile(
  { files }: ModelManifest,
  version: string,
  name: string,
  content: Uint8Array,
): void {
  const expected = files[name];
  if (expected === undefined) throw corruptModel(version, `its manifest lists no hash of ${name}`);
  if (content.length !== expected.bytes)
    throw corruptModel(version, `${name} has ${content.length} bytes and should have ${expected.bytes}`);
  const sha256 = sha256Of(content);
  if (sha256 !== expected.sha256)
    throw corruptModel(version, `${name} has SHA-256 ${sha256} and should have ${expected.sha256}`);
}

/** The error for a model whose files are not those of its version. */
export function corruptModel(version: string, why: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'MODEL_CORRUPT',
    `model ${version} is not whole: ${why}; copy it again from where it was made`,
    { cause },
  );
}

/** Names of the files that are read to score with the model, and to check it before that. */
function filesOf({ vocabulary, stages }: ModelManifest): readonly string[] {
  return [...new Set([vocabulary.file, goldenFile, ...stages.map(({ file }) => file)])];
}
