import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const { slices } = (await import(pathToFileURL(join(root, 'test', 'mutation', 'slices.mjs')).href)) as {
  slices: readonly { readonly name: string; readonly files: readonly string[]; readonly tests: string[] }[];
};

describe('the slices of the mutation run', () => {
  it('the slices of the mutation run name only source files and test files that exist', () => {
    expect(slices.length).toBeGreaterThan(10);
    const named = slices.flatMap(({ files, tests }) => [...files, ...tests]);
    expect(named.filter((path) => !path.includes('*') && !existsSync(join(root, path)))).toEqual([]);
  });
});
