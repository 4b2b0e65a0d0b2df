import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const configFolder = fileURLToPath(new URL('../../../config', import.meta.url));

export function readText(name: string): string {
  return readFileSync(join(configFolder, name), 'utf8');
}

/** Of a YAML file; a name that occurs twice in one place is an error. */
export function readYaml<T>(name: string): T {
  return parse(readText(name), { uniqueKeys: true }) as T;
}
