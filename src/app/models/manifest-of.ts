import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '../../core/model-manifest.ts';
import { readManifest } from '../../core/read-manifest.ts';
import type { LocalModel } from '../../ports/model-store.ts';

/** Reads the manifest of a model on this disk. Throws `MODEL_CORRUPT` where it is not the one that was fetched. */
export async function manifestOf({ path, version, sha256 }: LocalModel): Promise<ModelManifest> {
  const bytes = await readFile(join(path, 'manifest.json'));
  return readManifest(bytes, version, sha256).manifest;
}
