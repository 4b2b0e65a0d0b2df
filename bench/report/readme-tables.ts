import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import { SluiceError } from '../../src/core/errors.ts';

/** Puts `markdown` in place of what stands between the markers of `name` in bench/README.md. */
export async function writeIntoReadme(name: string, markdown: string): Promise<void> {
  const path = join(packageRoot(), 'bench', 'README.md');
  const readme = await readFile(path, 'utf8');
  const begin = `<!-- ${name}: begin -->\n`;
  const end = `<!-- ${name}: end -->`;
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from)
    throw new SluiceError('USAGE', `bench/README.md has no markers "${begin.trim()}" and "${end}"`);
  await writeFile(path, `${readme.slice(0, from + begin.length)}\n${markdown}\n${readme.slice(to)}`);
}
