import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../core/errors.ts';

/** The folder of Sluice's own package.json, from wherever in it this code was built to. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'sluice')
      return folder;
    folder = dirname(folder);
  }
  throw new SluiceError('INTERNAL', 'the package’s own folder was not found; install Sluice again');
}

/** Entries that run outside of the main thread; built beside the command line. */
export function builtEntry(
  name: 'score-batch' | 'score-alone' | 'admit-model' | 'explain-thread' | 'label-thread' | 'erase-apart',
): string {
  const file = join(packageRoot(), 'dist', 'workers', `${name}.js`);
  if (!existsSync(file))
    throw new SluiceError('INTERNAL', `${file} is missing; run "npm run build" in the package’s folder`);
  return file;
}
