import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import type { ModelManifest } from '../../src/core/model-manifest.ts';

/** A folder with the newest model of `models` (the shipped one where left out) under two versions, which judge alike. */
export function layModelTwins(folder: string, models: string | undefined): readonly [string, string] {
  const from = models ?? join(packageRoot(), 'native-models', 'default');
  const newest = readdirSync(from)
    .filter((name) => /^\d{8}T\d{6}Z-/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`there is no model in ${from}`);
  mkdirSync(folder, { recursive: true });
  const twin = (time: string, seed: number) => {
    const path = join(folder, `.${time}`);
    cpSync(join(from, newest), path, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as ModelManifest;
    const text = JSON.stringify({ ...manifest, data: { ...manifest.data, seed } });
    writeFileSync(join(path, 'manifest.json'), text);
    const version = `${time}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
    renameSync(path, join(folder, version));
    return version;
  };
  return [twin('20260101T000000Z', 1), twin('20260102T000000Z', 2)];
}
