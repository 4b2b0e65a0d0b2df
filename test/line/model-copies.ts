import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelManifest } from '../../src/core/model-manifest.ts';
import { root } from './daemon-process.ts';

const shipped = join(root, 'native-models', 'default');

/** The version of the model that ships. */
export function shippedVersion(): string {
  const version = readdirSync(shipped).find((name) => /^\d{8}T\d{6}Z-/.test(name));
  if (version === undefined) throw new Error(`there is no model in ${shipped}`);
  return version;
}

/** Copies the shipped model into `folder` as another version, after `change` had its way with manifest and folder. */
export function copyModel(
  folder: string,
  time: string,
  change: (manifest: ModelManifest, path: string) => void = () => {},
): string {
  const path = join(folder, `.${time}`);
  cpSync(join(shipped, shippedVersion()), path, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as ModelManifest;
  change(manifest, path);
  const text = JSON.stringify(manifest);
  writeFileSync(join(path, 'manifest.json'), text);
  const version = `${time}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  renameSync(path, join(folder, version));
  return version;
}

/** Replaces a file of a model and what its manifest says of it. */
export function replaceFile(
  manifest: ModelManifest,
  path: string,
  name: string,
  content: string | Buffer,
): void {
  const bytes = Buffer.from(content);
  writeFileSync(join(path, name), bytes);
  manifest.files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
